use serde_json::json;

use super::report::{HealthStatus, RiskLevel};
use super::*;

fn own() -> ModelIdentity {
    ModelIdentity {
        name: "dental-heads".to_owned(),
        version: "1.0.0".to_owned(),
        weights_sha256: "00".to_owned(),
    }
}

fn hosted() -> JudgingModel {
    JudgingModel::Hosted(HostedModel {
        provider: Provider::Google,
        name: "gemini-3.5-flash".to_owned(),
        version: Some("gemini-3.5-flash-002".to_owned()),
    })
}

fn analysis(judgement: Judgement) -> DentalAnalysis {
    let now = Timestamp::UNIX_EPOCH;
    DentalAnalysis {
        number: RecordNumber::new(now, [0; 2]),
        patient: UserId::new(now, [0; 6]),
        picture: PictureName::new([0; 16]),
        thumbnail: PictureName::new([1; 16]),
        text: judgement.text(Detail::Usual),
        judgement,
        created_at: now,
    }
}

fn local(has_teeth: bool, findings: &[(Finding, f32)]) -> DentalAnalysis {
    let detection = |(finding, confidence): &(Finding, f32)| Detection {
        finding: *finding,
        confidence: *confidence,
        area: [0, 0, 1, 1],
    };
    analysis(Judgement {
        has_teeth,
        detections: findings.iter().map(detection).collect(),
        observations: Vec::new(),
        model: JudgingModel::Local(own()),
        is_fallback: false,
        thresholds: None,
    })
}

fn by_gemini(observations: &[(Finding, Place, Severity)]) -> DentalAnalysis {
    let observation = |&(finding, place, severity): &(Finding, Place, Severity)| Observation {
        finding,
        place,
        severity,
    };
    analysis(Judgement {
        has_teeth: true,
        detections: Vec::new(),
        observations: observations.iter().map(observation).collect(),
        model: hosted(),
        is_fallback: false,
        thresholds: None,
    })
}

#[test]
fn nothing_is_ever_called_healthy_or_excellent() {
    for analysis in [local(true, &[]), by_gemini(&[])] {
        let report = DentalReport::of(&[analysis]);
        assert_eq!((report.health_score, report.health_status), (5.0, HealthStatus::Good));
        assert!(report.summary.contains("does not mean that all is well"));
        assert!(!report.summary.to_lowercase().contains("healthy"));
    }
}

#[test]
fn without_teeth_the_score_is_nought_and_another_photo_is_asked_for() {
    for analyses in [vec![], vec![local(false, &[(Finding::Caries, 0.9)])]] {
        let report = DentalReport::of(&analyses);
        assert_eq!(report.health_score, 0.0);
        assert_eq!(report.summary.contains("another one"), !analyses.is_empty());
        assert!(report.detected_issues.is_empty() && !report.assessed);
        // Nothing is known, so nothing is well.
        assert_eq!(
            (report.health_status, report.risk_level),
            (HealthStatus::Poor, RiskLevel::High)
        );
        assert_eq!((report.engine, report.fallback), (Engine::Local, false));
    }
}

#[test]
fn a_kind_of_finding_counts_once_in_several_photos() {
    let first = local(true, &[(Finding::Caries, 0.7), (Finding::Calculus, 0.9)]);
    let report = DentalReport::of(&[first, local(true, &[(Finding::Caries, 0.8)])]);
    assert_eq!((report.health_score, report.detected_issues.len()), (2.5, 2));
    assert_eq!(report.risk_level, RiskLevel::High);
}

#[test]
fn each_place_is_told_and_the_worst_of_a_kind_counts() {
    let (front, back) = (Place::UpperFrontTeeth, Place::LowerBackTeeth);
    let first = by_gemini(&[
        (Finding::Caries, front, Severity::Mild),
        (Finding::Caries, back, Severity::Mild),
    ]);
    let report = DentalReport::of(&[first, by_gemini(&[(Finding::Caries, back, Severity::Severe)])]);
    let issues: Vec<_> = report
        .detected_issues
        .iter()
        .map(|issue| (issue.location.as_str(), issue.severity))
        .collect();
    assert_eq!(
        issues,
        [
            ("upper front teeth", Severity::Mild),
            ("lower back teeth", Severity::Severe)
        ]
    );
    assert_eq!((report.health_score, report.engine), (3.0, Engine::Gemini));
    // One advice for one kind, and one for everybody.
    assert_eq!(report.recommendations.len(), 2);
    assert!(
        report
            .summary
            .contains("tooth decay (lower back teeth). Please have it seen by a dentist soon.")
    );
}

#[test]
fn texts_grow_with_the_detail_and_always_say_whose_word_it_is() {
    let place = (Finding::Gingivitis, Place::LowerGums, Severity::Mild);
    for (analysis, origin) in [
        (local(true, &[(Finding::Gingivitis, 0.6)]), "experimental"),
        (by_gemini(&[place]), "Gemini"),
    ] {
        let texts = [Detail::Short, Detail::Usual, Detail::Long].map(|detail| analysis.judgement.text(detail));
        assert!(texts[0].len() < texts[1].len() && texts[1].len() < texts[2].len());
        for text in texts {
            assert!(text.contains("not a dentist's examination") && text.contains(origin));
        }
    }
}

#[test]
fn an_entry_tells_who_judged_and_so_do_those_from_before_anybody_else_could() {
    let mut fallback = local(true, &[(Finding::Caries, 0.7)]);
    fallback.judgement.is_fallback = true;
    for (analysis, engine) in [
        (fallback, Engine::Local),
        (
            by_gemini(&[(Finding::Other, Place::Tongue, Severity::Mild)]),
            Engine::Gemini,
        ),
    ] {
        let stored = serde_json::to_value(&analysis).unwrap();
        let read: DentalAnalysis = serde_json::from_value(stored).unwrap();
        assert_eq!(read.judgement.model.engine(), engine);
        assert_eq!(read, analysis);
    }
    let mut older = serde_json::to_value(local(true, &[(Finding::Caries, 0.7)])).unwrap();
    for member in ["observations", "is_fallback"] {
        older.as_object_mut().unwrap().remove(member);
    }
    assert_eq!(
        older["model"],
        json!({ "name": "dental-heads", "version": "1.0.0", "weights_sha256": "00" })
    );
    let read: DentalAnalysis = serde_json::from_value(older).unwrap();
    assert_eq!(read, local(true, &[(Finding::Caries, 0.7)]));
}
