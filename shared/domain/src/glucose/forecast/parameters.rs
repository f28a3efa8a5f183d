//! Fitted by `shared/models/training/fit_glucose.py` on 2026-11-30; to change it, run that. On training people only, all but
//! the held-out ones of the splits that came with the data:
//!
//! - Hall et al., PLOS Biology 2018, 16(7):e2005143 (Dexcom G4, every 5 minutes), CC BY 4.0;
//! - Zhao et al., Scientific Data 2023, 10:35, "Shanghai T1DM and T2DM" (FreeStyle Libre, every 15 minutes), CC BY 4.0.
//!
//! Numbers fitted on them, not the data, are here. Quantiles are those of errors of people left out, in five folds.

use super::Fitted;

/// 89 people, 97939 windows, ridge 1.
pub(super) const EVERY_15_MINUTES: [Fitted; 2] = [
    Fitted {
        minutes: 30,
        change: &[
            -0.085278, 46.729180, -30.035111, 20.970357, -6.370453, -4.022132, -0.717604, 0.194708, 4.208961,
            -0.118996, 1.412273,
        ],
        width: [5.988892, 1.224526, 10.260108],
        quantiles: [
            [-1.908341, -1.281605, 1.389113, 3.576620],
            [-2.367837, -1.466880, 1.574189, 3.299403],
            [-2.908017, -1.714080, 1.707012, 2.902223],
        ],
    },
    Fitted {
        minutes: 60,
        change: &[
            -0.254187, 51.249264, -28.932769, 23.402571, -6.219571, -10.597069, -1.934496, 0.599474, 11.640984,
            -2.661500, 3.424218,
        ],
        width: [10.452520, 3.521286, 14.186516],
        quantiles: [
            [-1.768328, -1.261930, 1.603331, 3.732530],
            [-2.103819, -1.358224, 1.698520, 3.682813],
            [-2.817145, -1.663042, 1.695995, 2.945383],
        ],
    },
];

/// 105 people, 119973 windows, ridge 10.
pub(super) const EVERY_5_MINUTES: [Fitted; 2] = [
    Fitted {
        minutes: 30,
        change: &[
            -0.319792, 24.556565, -12.051818, 4.274967, 1.442335, -4.900257, -1.148473, 0.663483, 22.719338,
            -10.467561, 2.681803, 28.963537, -0.902486,
        ],
        width: [5.929775, 1.037663, 12.702983],
        quantiles: [
            [-1.941933, -1.313785, 1.491671, 3.674028],
            [-2.458656, -1.471087, 1.554709, 3.354555],
            [-2.956918, -1.671202, 1.777709, 2.986166],
        ],
    },
    Fitted {
        minutes: 60,
        change: &[
            -0.842409, 30.591243, -11.012213, 6.469047, 2.491567, -11.633409, -2.810038, 1.743252, 32.778266,
            -12.989787, 4.539876, 20.753312, -2.860406,
        ],
        width: [8.207905, 5.282486, 15.252063],
        quantiles: [
            [-1.829925, -1.307184, 1.655926, 3.829515],
            [-2.130596, -1.363773, 1.649080, 3.652628],
            [-2.756033, -1.595359, 1.753087, 3.028621],
        ],
    },
];
