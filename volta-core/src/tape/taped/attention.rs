//! Attention.

use super::result::record_joint;
use crate::backend::{AttentionScores, Backend};
use crate::dtype::Float;
use crate::tape::derivatives::zeros_like;
use crate::tape::record::{Taped, Tracked};

#[inline]
pub(super) fn attention<E: Float, B: Backend>(
    q: &Tracked<E, B>,
    k: &Tracked<E, B>,
    v: &Tracked<E, B>,
    how: AttentionScores<'_, E, Taped<B>>,
) -> (Tracked<E, B>, Tracked<E, B>) {
    let AttentionScores { causal, scale, .. } = how;
    let masks: Vec<_> = how.masks.iter().map(|x| x.value.clone()).collect();
    let biases: Vec<_> = how.biases.iter().map(|x| x.value.clone()).collect();
    let (y, log_sum) = B::attention(
        &q.value,
        &k.value,
        &v.value,
        AttentionScores {
            masks: &masks,
            biases: &biases,
            causal,
            scale,
        },
    );
    let nodes: Vec<_> = [q, k, v].into_iter().chain(how.biases).collect();
    let ids: Vec<_> = nodes.iter().map(|x| x.id()).collect();
    let nodes = nodes.iter().map(|x| x.node.as_ref());
    let [q, k, v] = [q, k, v].map(|x| x.value.clone());
    let saved = (y.clone(), log_sum.clone());
    let results = record_joint(vec![y, log_sum], nodes, move |parts, gradients| {
        let (y, log_sum) = saved;
        let gy = match &parts[0] {
            Some(gy) => gy.clone(),
            None => zeros_like::<E, B>(&y),
        };
        let how = AttentionScores {
            masks: &masks,
            biases: &biases,
            causal,
            scale,
        };
        let gy = (&gy, parts[1].as_ref());
        let found = B::attention_vjp(&q, &k, &v, how, (&y, &log_sum), gy);
        let found = [found.q, found.k, found.v].into_iter().chain(found.biases);
        for (id, gradient) in ids.into_iter().zip(found) {
            gradients.add::<E>(id, || gradient);
        }
    });
    let [y, log_sum] = results
        .try_into()
        .unwrap_or_else(|_| unreachable!("two outputs"));
    (y, log_sum)
}
