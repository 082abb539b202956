use volta::prelude::*;

type Conv = Conv2d<3, 6, D<5>>;

struct Net(Conv);

fn main() {}
