"""Batch normalisation that survives a last batch of one row."""

from torch import Tensor, nn
from torch.nn import functional as F


class BatchNorm(nn.BatchNorm1d):
    """`nn.BatchNorm1d`, except that a training batch of one row is normalised by the running statistics.

    One row has no variance: torch refuses it, and a data set whose size is one more than a multiple of the batch
    size would fail at the end of its first epoch.

    Shape:
        Input and output (B, D).
    """

    def forward(self, input: Tensor) -> Tensor:
        """Normalises each column."""
        if self.training and input.shape[0] == 1:
            return F.batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias, eps=self.eps)
        return super().forward(input)
