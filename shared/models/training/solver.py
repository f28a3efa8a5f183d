"""Linear heads by L-BFGS, on standardised features."""

import torch


def fit(x, outputs, loss_of, penalty, **options):
    """(weight, bias) for features as they are. `loss_of` gives the loss of logits; the penalty is on standardised weights."""
    mean, scale = x.mean(0), x.std(0) + 1e-3
    z = (x - mean) / scale
    w, b = torch.zeros(outputs, x.shape[1], requires_grad=True), torch.zeros(outputs, requires_grad=True)
    solver = torch.optim.LBFGS([w, b], line_search_fn="strong_wolfe", **options)

    def loss():
        solver.zero_grad()
        value = loss_of(z @ w.T + b) + penalty * (w * w).sum()
        value.backward()
        return value

    solver.step(loss)
    with torch.no_grad():
        return w / scale, b - (w / scale) @ mean
