//! Data sets, samplers and loaders: every batch is the one that seed and position say, whoever
//! makes it.

#![cfg(feature = "data")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use volta::data::{
    BatchSampler, DataError, DataLoader, Dataset, Items, Mnist, Position, Random, Sampler,
    Sequential, TensorDataset, Weighted,
};
use volta::prelude::*;
use volta::{Error, dims};

dims! { Batch }

fn numbers(len: usize) -> Items<i64> {
    Items::new((0..len as i64).collect())
}

fn all<T>(data: &impl Dataset<Item = T>) -> Vec<T> {
    (0..data.len()).map(|i| data.get(i).unwrap()).collect()
}

fn panic_of(f: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => (*panic.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[test]
fn data_sets_are_mapped_chosen_from_and_joined() {
    let data = numbers(4).concat(numbers(3).map(|x| 10 * x));
    assert_eq!(all(&data), [0, 1, 2, 3, 0, 10, 20]);
    let chosen = (&data).subset([6, 0, 6]);
    assert_eq!(all(&chosen), [20, 0, 20]);
    assert_eq!(chosen.indices(), [6, 0, 6]);
    assert_eq!(all(&chosen.subset([2, 1])), [20, 0]);
    assert!(numbers(0).concat(numbers(0)).is_empty());

    let message = panic_of(|| drop(numbers(3).subset([0, 3])));
    assert_eq!(message, "subset: item 3 of a data set of 3");
}

#[test]
fn a_split_deals_out_every_item_once_by_seed() {
    let data = Arc::new(numbers(100));
    let [a, b, c] = Arc::clone(&data).split([70, 0, 30], 5);
    assert_eq!((a.len(), b.len(), c.len()), (70, 0, 30));
    let mut items = [all(&a), all(&c)].concat();
    assert!(!items.is_sorted());
    items.sort();
    assert_eq!(items, all(&data));

    let [again, _] = (&*data).split([70, 30], 5);
    assert_eq!(all(&again), all(&a));
    let [other, _] = (&*data).split([70, 30], 6);
    assert_ne!(all(&other), all(&a));

    let message = panic_of(|| drop(data.split([70, 31], 5)));
    let expected = "split: the sizes [70, 31] make 101, the data set has 100 items";
    assert_eq!(message, expected);
}

#[test]
fn tensors_have_rows() {
    let x: Tensor<s![3, 2]> = tensor![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
    let y = Tensor::from_vec_with((Dyn(3),), vec![7_i64, 8, 9]).unwrap();
    let data = TensorDataset::new((x.clone(), y)).unwrap();
    let (row, label): (Tensor<s![2]>, i64) = data.get(1).unwrap();
    assert_eq!((row.to_vec(), label), (vec![3.0, 4.0], 8));
    // A view that is not contiguous has rows as well.
    let columns = TensorDataset::new(x.t()).unwrap();
    assert_eq!(columns.get(1).unwrap().to_vec(), [2.0, 4.0, 6.0]);

    let z: Tensor<s![4]> = Tensor::zeros();
    let error = TensorDataset::new((x, z)).unwrap_err().to_string();
    let expected = "the tensors of a data set have equally many rows, not [3, 4]";
    assert_eq!(error, expected);
}

#[test]
fn orders_are_permutations_given_by_seed_and_epoch() {
    assert_eq!(Sequential::new(3).epoch(9), [0, 1, 2]);
    let order = |len, seed, epoch| Random::new(len, seed).epoch(epoch);
    for len in [0, 1, 2, 1000] {
        let mut sorted = order(len, 3, 1);
        sorted.sort();
        assert_eq!(sorted, Sequential::new(len).epoch(0));
    }
    assert_eq!(order(1000, 3, 1), order(1000, 3, 1));
    let mut orders = vec![];
    for seed in 0..5 {
        orders.extend((0..5).map(|epoch| order(50, seed, epoch)));
    }
    orders.sort();
    orders.dedup();
    assert_eq!(orders.len(), 25);
}

#[test]
fn every_order_is_as_likely_as_the_others() {
    let mut counts = [[0; 4]; 4];
    for epoch in 0..4000 {
        for (place, item) in Random::new(4, 11).epoch(epoch).into_iter().enumerate() {
            counts[place][item] += 1;
        }
    }
    // 1000 each, with a standard deviation of 27.
    assert!(
        counts
            .as_flattened()
            .iter()
            .all(|n: &i32| (n - 1000).abs() < 140)
    );
}

#[test]
fn weights_are_chances() {
    let weights = vec![1.0, 0.0, 3.0, 4.0];
    let sampler = Weighted::with_replacement(weights.clone(), 8000, 2).unwrap();
    let mut counts = [0_i32; 4];
    for item in sampler.epoch(0) {
        counts[item] += 1;
    }
    assert_eq!(counts[1], 0);
    for (count, expected) in counts.into_iter().zip([1000, 0, 3000, 4000]) {
        assert!((count - expected).abs() < 200, "{counts:?}");
    }
    assert_eq!(sampler.epoch(1), sampler.epoch(1));
    assert_ne!(sampler.epoch(1), sampler.epoch(2));

    // The first of two, and both: P(2 first) = 3/8, P(0 not drawn) = 3/8 4/5 + 4/8 3/4 = 0.675.
    let sampler = Weighted::without_replacement(weights, 2, 2).unwrap();
    let (mut two_first, mut without_zero) = (0_i32, 0_i32);
    for epoch in 0..8000 {
        let drawn = sampler.epoch(epoch);
        assert_eq!(drawn.len(), 2);
        assert!(drawn[0] != drawn[1] && !drawn.contains(&1));
        two_first += i32::from(drawn[0] == 2);
        without_zero += i32::from(!drawn.contains(&0));
    }
    assert!((two_first - 3000).abs() < 200, "{two_first}");
    assert!((without_zero - 5400).abs() < 200, "{without_zero}");
}

#[test]
fn extreme_weights_are_drawn_by() {
    for weights in [
        vec![f64::MAX; 4],
        vec![f64::MIN_POSITIVE; 4],
        vec![5e-324; 4],
    ] {
        let drawn = Weighted::with_replacement(weights.clone(), 400, 0).unwrap();
        let drawn = drawn.epoch(0);
        assert!((0..4).all(|item| drawn.iter().filter(|i| **i == item).count() > 50));
        let mut drawn = Weighted::without_replacement(weights, 4, 0)
            .unwrap()
            .epoch(0);
        drawn.sort();
        assert_eq!(drawn, [0, 1, 2, 3]);
    }
    assert!(Weighted::with_replacement(vec![], 0, 0).unwrap().is_empty());
    assert!(
        Weighted::without_replacement(vec![0.0], 0, 0)
            .unwrap()
            .epoch(0)
            .is_empty()
    );
}

#[test]
fn bad_weights_are_named() {
    let with = |weights| Weighted::with_replacement(weights, 3, 0);
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        let error = with(vec![1.0, bad]).unwrap_err().to_string();
        let expected = format!("weight 1 is {bad}: weights are 0 or more, and finite");
        assert_eq!(error, expected);
    }
    let error = with(vec![0.0, 0.0]).unwrap_err().to_string();
    assert_eq!(error, "3 items to draw, but 0 have a weight above 0");
    let without = Weighted::without_replacement(vec![1.0, 0.0, 2.0], 3, 0);
    assert!(matches!(
        without.unwrap_err(),
        Error::Data(DataError::Draws {
            draws: 3,
            drawable: 2,
            ..
        })
    ));
}

#[test]
fn batches_have_the_items_of_the_sampler() {
    let sampler = BatchSampler::new(Random::new(10, 1), 4);
    assert_eq!(sampler.len(), 3);
    let batches = sampler.epoch(2);
    assert_eq!(
        batches.iter().collect::<Vec<_>>().concat(),
        Random::new(10, 1).epoch(2)
    );
    assert_eq!(batches.get(2).unwrap().len(), 2);
    assert_eq!(batches.get(3), None);
    let whole = sampler.drop_last(true);
    assert_eq!((whole.len(), whole.epoch(2).len()), (2, 2));
    assert!(BatchSampler::new(Sequential::new(0), 4).epoch(0).is_empty());
    assert_eq!(
        panic_of(|| drop(BatchSampler::new(Sequential::new(3), 0))),
        "a batch of 0 items"
    );
}

#[test]
fn items_of_every_kind_make_batches() {
    let item = |i: i64| {
        let row: Tensor<s![2]> = Tensor::full(i as f32);
        let scalar = Tensor::from_scalar(i as f64);
        (i, [[i as f32; 3]; 2], row, (scalar, i % 2 == 0))
    };
    let loader = DataLoader::new(numbers(5).map(item), Batch(3));
    let mut batches = loader.epoch(0);
    type Items = (
        Tensor<s![Batch], i64>,
        Tensor<s![Batch, 2, 3]>,
        Tensor<s![Batch, 2]>,
        (Tensor<s![Batch], f64>, Tensor<s![Batch], bool>),
    );
    let (i, array, row, (scalar, even)): Items = batches.next().unwrap().unwrap();
    assert_eq!(i.to_vec(), [0, 1, 2]);
    assert_eq!(array.dims(), [3, 2, 3]);
    assert_eq!(array.to_vec()[5..7], [0.0, 1.0]);
    assert_eq!(row.to_vec(), [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]);
    assert_eq!(scalar.to_vec(), [0.0, 1.0, 2.0]);
    assert_eq!(even.to_vec(), [true, false, true]);
    assert_eq!(batches.next().unwrap().unwrap().1.dims(), [2, 2, 3]);
    assert!(batches.next().is_none() && batches.next().is_none());
}

#[test]
fn the_last_batch_may_be_left_out() {
    let sizes = |loader: &DataLoader<Items<i64>, Dyn>| {
        assert_eq!(loader.epoch(0).len(), loader.len());
        let batches = loader.epoch(0).map(|batch| batch.unwrap().numel());
        batches.collect::<Vec<_>>()
    };
    let loader = DataLoader::new(numbers(7), Dyn(3));
    assert_eq!(sizes(&loader), [3, 3, 1]);
    assert_eq!(sizes(&loader.drop_last()), [3, 3]);
    assert_eq!(sizes(&DataLoader::new(numbers(6), Dyn(3))), [3, 3]);
    assert!(sizes(&DataLoader::new(numbers(2), Dyn(3)).drop_last()).is_empty());
    assert!(DataLoader::new(numbers(0), Dyn(3)).is_empty());
}

#[test]
fn a_fixed_size_makes_batches_of_static_shape() {
    let pairs = numbers(7).map(|i| ([i as f32; 2], i));
    let loader = DataLoader::new(pairs, D::<3>).workers(2);
    assert_eq!(loader.len(), 2);
    for batch in loader.epoch(0) {
        let (x, y): (Tensor<s![3, 2]>, Tensor<s![3], i64>) = batch.unwrap();
        assert_eq!(x.to_vec()[2], y.to_vec()[1] as f32);
    }
}

/// Slow where the item is even, so that threads overtake one another.
struct Uneven(usize);

impl Dataset for Uneven {
    type Item = ([f32; 2], i64);

    fn len(&self) -> usize {
        self.0
    }

    fn get(&self, index: usize) -> Result<Self::Item, Error> {
        if index.is_multiple_of(2) {
            thread::sleep(Duration::from_micros(300));
        }
        Ok(([index as f32, 0.5], index as i64))
    }
}

#[test]
fn batches_are_the_same_for_any_number_of_workers() {
    let epoch = |workers, prefetch, epoch| -> Vec<_> {
        let loader = DataLoader::new(Uneven(101), Batch(4))
            .shuffle(9)
            .workers(workers);
        let batches = loader.prefetch(prefetch).epoch(epoch);
        let batches = batches.map(|batch| batch.unwrap());
        batches.map(|(x, y)| (x.to_vec(), y.to_vec())).collect()
    };
    for number in [0, 1] {
        let expected = epoch(0, 2, number);
        assert_eq!(expected.len(), 26);
        for (workers, prefetch) in [(1, 1), (2, 1), (2, 3), (3, 2), (7, 1), (40, 2)] {
            assert_eq!(
                epoch(workers, prefetch, number),
                expected,
                "{workers} {prefetch}"
            );
        }
    }
    assert_ne!(epoch(0, 2, 0), epoch(0, 2, 1));
}

#[test]
fn an_epoch_goes_on_from_every_position() {
    for workers in [0, 3] {
        let loader = DataLoader::new(numbers(22), Dyn(4))
            .shuffle(3)
            .workers(workers);
        let whole: Vec<_> = loader.epoch(5).map(|b| b.unwrap().to_vec()).collect();
        let mut batches = loader.epoch(5);
        for batch in 0..=6 {
            let expected = match batch {
                6 => Position { epoch: 6, batch: 0 },
                _ => Position { epoch: 5, batch },
            };
            assert_eq!(batches.position(), expected);
            assert_eq!(batches.len(), 6 - batch);
            let rest = loader.resume(Position { epoch: 5, batch });
            let rest: Vec<_> = rest.map(|b| b.unwrap().to_vec()).collect();
            assert_eq!(rest, whole[batch..]);
            assert_eq!(batches.next().is_some(), batch < 6);
        }
        let message = panic_of(|| drop(loader.resume(Position { epoch: 0, batch: 7 })));
        assert_eq!(message, "resume: batch 7 of an epoch of 6");
        let error = loader.try_resume(Position { epoch: 0, batch: 7 }).err();
        assert_eq!(
            error.map(|e| e.to_string()),
            Some("batch 7 of an epoch of 6".to_owned())
        );
    }
}

#[test]
fn a_position_is_kept_as_text() {
    let position = Position {
        epoch: 12,
        batch: 340,
    };
    assert_eq!(position.to_string(), "12:340");
    assert_eq!("12:340".parse(), Ok(position));
    for bad in ["", "1", ":", "1:", "-1:2", "1:2:3"] {
        assert!(bad.parse::<Position>().is_err(), "{bad}");
    }
}

/// Item 5 panics, item 9 cannot be read.
struct Faulty;

impl Dataset for Faulty {
    type Item = i64;

    fn len(&self) -> usize {
        12
    }

    fn get(&self, index: usize) -> Result<i64, Error> {
        match index {
            5 => panic!("the number 5"),
            9 => Err(Error::Length {
                found: 1,
                dims: vec![2],
            }),
            _ => Ok(index as i64),
        }
    }
}

#[test]
fn what_an_item_does_comes_through_with_its_number() {
    for workers in [0, 1, 2, 5] {
        let mut batches = DataLoader::new(Faulty, Dyn(2)).workers(workers).epoch(0);
        for expected in [[0, 1], [2, 3]] {
            assert_eq!(batches.next().unwrap().unwrap().to_vec(), expected);
        }
        let message = panic_of(|| drop(batches.next()));
        assert_eq!(message, "item 5 of the data set: the number 5");
        // Whoever catches the panic goes on behind it.
        assert_eq!(batches.next().unwrap().unwrap().to_vec(), [6, 7]);
        let error = batches.next().unwrap().unwrap_err();
        assert!(matches!(
            error,
            Error::Data(DataError::Item { index: 9, .. })
        ));
        let expected = "item 9 of the data set: 1 elements for the shape [2], which has 2";
        assert_eq!(error.to_string(), expected);
        assert_eq!(batches.next().unwrap().unwrap().to_vec(), [10, 11]);
        assert!(batches.next().is_none());
    }
}

#[test]
fn a_sampler_that_leaves_the_data_set_panics_with_the_number() {
    let loader = DataLoader::new(numbers(3), Dyn(2))
        .sampler(Sequential::new(4))
        .workers(1);
    let message = panic_of(|| loader.epoch(0).for_each(|batch| drop(batch.unwrap())));
    assert!(message.starts_with("item 3 of the data set: "), "{message}");
}

#[test]
fn items_of_different_sizes_are_an_error_with_both() {
    let rows = numbers(4).map(|i| {
        let n = if i == 3 { 5 } else { 2 };
        Tensor::<s![Dyn, 3]>::zeros_with((Dyn(n), D))
    });
    for workers in [0, 2] {
        let mut batches = DataLoader::new(rows.clone(), Dyn(2))
            .workers(workers)
            .epoch(0);
        assert_eq!(batches.next().unwrap().unwrap().dims(), [2, 2, 3]);
        let error = batches.next().unwrap().unwrap_err().to_string();
        let expected = "a batch has items of one shape: the first is [2, 3], item 1 is [5, 3]";
        assert_eq!(error, expected);
    }
}

/// Counts the items that were read.
struct Counted(AtomicUsize);

impl Dataset for Counted {
    type Item = u8;

    fn len(&self) -> usize {
        1_000_000
    }

    fn get(&self, _: usize) -> Result<u8, Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(0)
    }
}

#[test]
fn queues_are_bounded_and_an_epoch_dropped_early_leaves_no_thread() {
    let data = Arc::new(Counted(AtomicUsize::new(0)));
    let loader = DataLoader::new(Arc::clone(&data), Dyn(10))
        .workers(3)
        .prefetch(2);
    for taken in [0, 1, 20] {
        data.0.store(0, Ordering::Relaxed);
        let mut batches = loader.epoch(0);
        assert_eq!(batches.by_ref().take(taken).count(), taken);
        // Each worker has two batches in its queue and one in its hands.
        thread::sleep(Duration::from_millis(50));
        let read = data.0.load(Ordering::Relaxed);
        assert!(
            read <= (taken + 3 * 3) * 10,
            "{read} items read for {taken} batches"
        );
        drop(batches);
        let after = data.0.load(Ordering::Relaxed);
        thread::sleep(Duration::from_millis(20));
        assert_eq!(data.0.load(Ordering::Relaxed), after);
    }
    // The threads had shares of what the loader has.
    drop(loader);
    assert_eq!(Arc::strong_count(&data), 1);
}

#[test]
fn weighted_draws_reach_the_batches() {
    let sampler = Weighted::with_replacement(vec![0.0, 1.0, 0.0], 5, 0).unwrap();
    let loader = DataLoader::new(numbers(3), Dyn(2)).sampler(sampler);
    let drawn: Vec<_> = loader
        .epoch(0)
        .map(|batch| batch.unwrap().to_vec())
        .collect();
    assert_eq!(drawn, [vec![1, 1], vec![1, 1], vec![1]]);
}

#[test]
fn digits_make_batches_of_images() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/mnist");
    let digits = Mnist::open(folder).unwrap().test;
    let (first, labels) = (*digits.image(0), digits.labels().to_vec());
    let loader = DataLoader::new(digits, Batch(300)).workers(2);
    let mut seen = Vec::new();
    for batch in loader.epoch(0) {
        let (images, labels): (Tensor<s![Batch, 1, 28, 28]>, Tensor<s![Batch], i64>) =
            batch.unwrap();
        assert_eq!(images.dims()[0], labels.dims()[0]);
        if seen.is_empty() {
            let expected = first.map(|pixel| f32::from(pixel) / 255.0);
            assert_eq!(images.to_vec()[..784], expected);
        }
        seen.extend(labels.to_vec().into_iter().map(|label| label as u8));
    }
    assert_eq!(seen, labels);
}
