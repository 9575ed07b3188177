"""Changes to training pictures, a whole batch at a time, on the batch's own device."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from leyden.spec.model import Images

NUM_RANDOM = 9
"""Random numbers per picture: two flips, angle, zoom, two shifts, brightness, contrast, saturation."""

LUMA = (0.299, 0.587, 0.114)


def changes_anything(options: Images) -> bool:
    """Whether any augmentation is switched on."""
    return _moves(options) or options.colour > 0


def augment(pixels: Tensor, random: Tensor, options: Images) -> Tensor:
    """Pictures, each moved and coloured at random.

    Args:
        pixels: (B, 3, S, S) float in [0, 1].
        random: (B, 9) uniform in [0, 1): the same numbers make the same changes, on any device.
        options: How far changes may go.
    """
    if _moves(options):
        pixels = _move(pixels, random[:, :6], options)
    if options.colour:
        pixels = _colour(pixels, 1 + options.colour * (2 * random[:, 6:] - 1))
    return pixels


def _moves(options: Images) -> bool:
    return bool(options.horizontal_flip or options.vertical_flip or options.rotation or options.crop)


def _move(pixels: Tensor, random: Tensor, options: Images) -> Tensor:
    """Flips, turns, zooms and shifts by one resampling; what comes into view is mirrored at the border."""
    flip_x, flip_y, angle, zoom, shift_x, shift_y = random.unbind(1)
    angle = (2 * angle - 1) * math.radians(options.rotation)
    zoom = 1 + options.crop * (2 * zoom - 1)
    sign_x = 1 - 2 * (flip_x < 0.5 * options.horizontal_flip).float()
    sign_y = 1 - 2 * (flip_y < 0.5 * options.vertical_flip).float()
    cos, sin = zoom * angle.cos(), zoom * angle.sin()
    # The grid spans 2 units: a share of the side is twice as much.
    shift = 2 * options.crop * (2 * torch.stack([shift_x, shift_y], dim=1) - 1)
    turn = torch.stack([cos * sign_x, -sin * sign_y, sin * sign_x, cos * sign_y], dim=1).view(-1, 2, 2)
    grid = F.affine_grid(torch.cat([turn, shift.unsqueeze(2)], dim=2), list(pixels.shape), align_corners=False)
    return F.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)


def _colour(pixels: Tensor, factors: Tensor) -> Tensor:
    """Multiplies brightness, contrast and saturation by (B, 3) factors."""
    brightness, contrast, saturation = (factor.view(-1, 1, 1, 1) for factor in factors.unbind(1))
    pixels = pixels * brightness
    grey = (pixels * pixels.new_tensor(LUMA).view(3, 1, 1)).sum(dim=1, keepdim=True)
    pixels = torch.lerp(grey, pixels, saturation)
    return torch.lerp(grey.mean(dim=(2, 3), keepdim=True), pixels, contrast).clamp_(0, 1)
