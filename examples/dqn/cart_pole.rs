//! A pole on a cart that is pushed to the left or to the right (Barto, Sutton and Anderson, 1983).

use volta::prelude::*;

/// Place and speed of the cart, angle and angular speed of the pole.
pub(crate) type State = [f32; 4];

const GRAVITY: f32 = 9.8;
const POLE_MASS: f32 = 0.1;
const MASS: f32 = 1.0 + POLE_MASS;
/// Half the length of the pole, in metres.
const LENGTH: f32 = 0.5;
const FORCE: f32 = 10.0;
/// Seconds between pushes.
const STEP: f32 = 0.02;

pub(crate) struct CartPole(State);

impl CartPole {
    /// Nearly upright and at rest.
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let state: Tensor<s![4]> = Tensor::rand(rng) * 0.1 - 0.05;
        CartPole(std::array::from_fn(|i| state[[i]]))
    }

    pub(crate) fn state(&self) -> State {
        self.0
    }

    /// Pushes to the left (0) or to the right (1); says whether the pole still stands, within 12
    /// degrees, on a cart within 2.4 metres.
    pub(crate) fn push(&mut self, to: usize) -> bool {
        let [x, speed, angle, spin] = self.0;
        let force = if to == 1 { FORCE } else { -FORCE };
        let (sin, cos) = angle.sin_cos();
        let pull = (force + POLE_MASS * LENGTH * spin * spin * sin) / MASS;
        let turn =
            (GRAVITY * sin - cos * pull) / (LENGTH * (4.0 / 3.0 - POLE_MASS * cos * cos / MASS));
        let push = pull - POLE_MASS * LENGTH * turn * cos / MASS;
        self.0 = [
            x + STEP * speed,
            speed + STEP * push,
            angle + STEP * spin,
            spin + STEP * turn,
        ];
        self.0[0].abs() < 2.4 && self.0[2].abs() < 12.0_f32.to_radians()
    }
}
