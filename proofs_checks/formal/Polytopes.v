(* The minimax theorem of two polyhedra: optimal strategies and their dual prices solve one system
   of linear inequalities, and Farkas' lemma says that it has a solution. *)
Require Import Reals Lra Lia List Arith.
From Radsim Require Import Statements DualStatements Sums Farkas.
Import ListNotations.
Open Scope R_scope.

Lemma sum_swap n k f : sum n (fun i => sum k (f i)) = sum k (fun j => sum n (fun i => f i j)).
Proof.
  induction n; simpl; [symmetry; apply sum_zero; reflexivity|].
  rewrite IHn, <- sum_plus. reflexivity.
Qed.

(* A x, coordinate by coordinate, and the matrix with rows and columns exchanged. *)
Definition image (n : nat) (A : nat -> nat -> R) (x : nat -> R) (j : nat) : R := dot n (A j) x.
Definition column (A : nat -> nat -> R) (i j : nat) : R := A j i.

Lemma dot_sum n k (y : nat -> R) A x :
  dot n (fun i => sum k (fun j => y j * A j i)) x = dot k y (image n A x).
Proof.
  unfold dot, image. rewrite (sum_ext n _ (fun i => sum k (fun j => y j * (A j i * x i)))).
  - rewrite sum_swap. apply sum_ext. intros. apply sum_scal.
  - intros i _. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros. ring.
Qed.

Lemma dot_ext n a a' x x' : (forall i, (i < n)%nat -> a i = a' i) ->
  (forall i, (i < n)%nat -> x i = x' i) -> dot n a x = dot n a' x'.
Proof. intros E F. apply sum_ext. intros i Hi. rewrite E, F; auto. Qed.

Lemma dot_comm n a x : dot n a x = dot n x a.
Proof. apply sum_ext. intros. ring. Qed.

Lemma dot_opp n a x : dot n (fun i => - a i) x = - dot n a x.
Proof.
  replace (- dot n a x) with (-1 * dot n a x) by ring. unfold dot. rewrite <- sum_scal.
  apply sum_ext. intros. ring.
Qed.

Lemma dot_plus_right n w f g : dot n w (fun i => f i + g i) = dot n w f + dot n w g.
Proof. unfold dot. rewrite <- sum_plus. apply sum_ext. intros. ring. Qed.

Lemma dot_zero n x : dot n (fun _ => 0) x = 0.
Proof. apply sum_zero. intros. ring. Qed.

Lemma dot_le n y u v : nonneg n y -> (forall j, (j < n)%nat -> u j <= v j) ->
  dot n y u <= dot n y v.
Proof. intros Y L. apply sum_le. intros. apply Rmult_le_compat_l; auto. Qed.

Lemma transposed n k y A x : dot n x (image k (column A) y) = dot k y (image n A x).
Proof.
  rewrite <- dot_sum, dot_comm. apply dot_ext; auto. intros i _. unfold image, column.
  apply dot_comm.
Qed.

Lemma combined_family_app k A d rest a b : combined (family k A d ++ rest) a b ->
  exists y a' b', nonneg k y /\ combined rest a' b' /\ b = dot k y d + b'
    /\ forall n x, dot n a x = dot k y (image n A x) + dot n a' x.
Proof.
  intros C. apply combined_app in C. destruct C as (f & b1 & a' & b' & C & D & E & ->).
  apply combined_family in C. destruct C as (y & Y & F & ->). exists y, a', b'.
  split; auto. split; auto. split; auto. intros n x. rewrite <- dot_sum. unfold dot.
  rewrite <- sum_plus. apply sum_ext. intros i _. rewrite E, F. ring.
Qed.

Lemma farkas : farkas_statement.
Proof.
  intros n k A a solvable refuted. split.
  - destruct (farkas_rows n (family k A a)) as [(x & X)|(c & b & C & N & Z)].
    + left. exists x. exact (proj1 (solves_family n x k A a) X).
    + right. apply combined_family in C. destruct C as (y & Y & E & F). exists y.
      split; auto. split; [intros i Hi; rewrite <- E; auto|lra].
  - intros ((x & X) & (y & Y & Z & N)).
    assert (L : dot k y (image n A x) <= dot k y a) by (apply dot_le; auto).
    rewrite <- dot_sum, (dot_ext n _ (fun _ => 0) _ x), dot_zero in L; auto.
    unfold dot in L. lra.
Qed.

(* --------------------------------------------------------------- four vectors laid end to end *)

Definition glue n (f g : nat -> R) (i : nat) : R :=
  if lt_dec i n then f i else g (i - n)%nat.

Lemma dot_glue n m f g x :
  dot (n + m) (glue n f g) x = dot n f x + dot m g (fun i => x (n + i)%nat).
Proof.
  unfold dot. rewrite (sum_split (n + m) n) by lia. replace (n + m - n)%nat with m by lia.
  f_equal; apply sum_ext; intros i Hi; unfold glue.
  - destruct (lt_dec i n); [reflexivity|lia].
  - destruct (lt_dec (n + i) n); [lia|]. replace (n + i - n)%nat with i by lia. reflexivity.
Qed.

Lemma dot_glue_glue n m f g f' g' :
  dot (n + m) (glue n f g) (glue n f' g') = dot n f f' + dot m g g'.
Proof.
  rewrite dot_glue. f_equal; apply dot_ext; auto; intros i Hi; unfold glue.
  - destruct (lt_dec i n); [reflexivity|lia].
  - destruct (lt_dec (n + i) n); [lia|]. replace (n + i - n)%nat with i by lia. reflexivity.
Qed.

(* ------------------------------------------------------------- the system and its refutation *)

Definition zero (_ : nat) : R := 0.
Definition negated (f : nat -> R) (i : nat) : R := - f i.

Section Minimax.
Variables (n k : nat) (A : nat -> nat -> R) (a : nat -> R).
Variables (p r : nat) (B : nat -> nat -> R) (d : nat -> R).
Variables (c e : nat -> R) (M : nat -> nat -> R).

Definition size := (n + (p + (k + r)))%nat.
Definition block (q l y z : nat -> R) : nat -> R := glue n q (glue p l (glue k y z)).

Lemma dot_block_any q l y z x : dot size (block q l y z) x
  = dot n q x + dot p l (fun i => x (n + i)%nat) + dot k y (fun i => x (n + (p + i))%nat)
    + dot r z (fun i => x (n + (p + (k + i)))%nat).
Proof. unfold size, block. rewrite !dot_glue. ring. Qed.

Lemma dot_block q l y z q' l' y' z' : dot size (block q l y z) (block q' l' y' z')
  = dot n q q' + dot p l l' + dot k y y' + dot r z z'.
Proof. unfold size, block. rewrite !dot_glue_glue. ring. Qed.

(* A strategy of each side, q and l, and prices y and z of their inequalities, which prove that
   neither side can do better. *)
Definition optimal (q l y z : nat -> R) : Prop :=
  polyhedron n k A a q /\ polyhedron p r B d l /\ nonneg k y /\ nonneg r z
  /\ (forall i, (i < n)%nat -> dot k (column A i) y = c i + dot p (M i) l)
  /\ (forall j, (j < p)%nat -> dot r (column B j) z = - (e j + dot n (column M j) q))
  /\ dot k a y + dot p e l <= dot n c q - dot r d z.

Definition system : list row :=
  family k (fun j => block (A j) zero zero zero) a
  ++ family r (fun j => block zero (B j) zero zero) d
  ++ family k (fun j => block zero zero (negated (unit_vector j)) zero) zero
  ++ family r (fun j => block zero zero zero (negated (unit_vector j))) zero
  ++ family n (fun i => block zero (negated (M i)) (column A i) zero) c
  ++ family n (fun i => block zero (M i) (negated (column A i)) zero) (negated c)
  ++ family p (fun j => block (column M j) zero zero (column B j)) (negated e)
  ++ family p (fun j => block (negated (column M j)) zero zero (negated (column B j))) e
  ++ family 1 (fun _ => block (negated c) e a d) zero
  ++ nil.

Lemma dot_zero_left m x : dot m zero x = 0.
Proof. apply sum_zero. intros. unfold zero. ring. Qed.
Lemma dot_negated m f x : dot m (negated f) x = - dot m f x.
Proof. apply dot_opp. Qed.
Lemma dot_zero_right m x : dot m x zero = 0.
Proof. rewrite dot_comm. apply dot_zero_left. Qed.
Lemma dot_negated_right m f x : dot m x (negated f) = - dot m x f.
Proof. rewrite dot_comm, dot_negated, dot_comm. reflexivity. Qed.
Lemma dot_unit m j x : (j < m)%nat -> dot m (unit_vector j) x = x j.
Proof. intros. apply sum_unit_vector_times. auto. Qed.

Lemma solved_optimal : (exists x, solves size x system) -> exists q l y z, optimal q l y z.
Proof.
  intros (x & X). exists x, (fun i => x (n + i)%nat), (fun i => x (n + (p + i))%nat),
    (fun i => x (n + (p + (k + i)))%nat).
  unfold system in X. repeat (apply solves_app in X; destruct X as (?H & X)).
  repeat match goal with H : solves _ _ (family _ _ _) |- _ =>
    rewrite solves_family in H; setoid_rewrite dot_block_any in H;
    repeat setoid_rewrite dot_negated in H; repeat setoid_rewrite dot_zero_left in H end.
  unfold optimal, polyhedron. repeat apply conj.
  - intros j Hj. specialize (H j Hj). unfold dot in *. lra.
  - intros j Hj. specialize (H0 j Hj). unfold dot in *. lra.
  - intros j Hj. specialize (H1 j Hj). rewrite dot_unit in H1; auto. unfold zero in H1. lra.
  - intros j Hj. specialize (H2 j Hj). rewrite dot_unit in H2; auto. unfold zero in H2. lra.
  - intros j Hj. specialize (H3 j Hj). specialize (H4 j Hj). unfold negated in H4. lra.
  - intros j Hj. specialize (H5 j Hj). specialize (H6 j Hj). unfold negated in H5. lra.
  - specialize (H7 0%nat Nat.lt_0_1). unfold zero in H7. lra.
Qed.

(* Weights of the rows that refute the system: the rows add up to 0 <= b, b < 0. *)
Definition refuting (u v s t al be : nat -> R) (th : R) : Prop :=
  nonneg k u /\ nonneg r v /\ nonneg k s /\ nonneg r t /\ 0 <= th
  /\ (forall q l y z,
        dot k u (image n A q) + dot r v (image p B l) - dot k s y - dot r t z
        + (dot n al (image k (column A) y) - dot n al (image p M l))
        + (dot p be (image n (column M) q) + dot p be (image r (column B) z))
        + th * (dot k a y + dot p e l - dot n c q + dot r d z) = 0)
  /\ dot k u a + dot r v d + dot n al c - dot p be e < 0.

Lemma image_block m (f g h o : nat -> nat -> R) w q l y z :
  dot m w (image size (fun j => block (f j) (g j) (h j) (o j)) (block q l y z))
  = dot m w (image n f q) + dot m w (image p g l) + dot m w (image k h y)
    + dot m w (image r o z).
Proof.
  rewrite (dot_ext m w w _
    (fun j => image n f q j + image p g l j + image k h y j + image r o z j)); auto.
  - unfold dot. rewrite <- !sum_plus. apply sum_ext. intros. ring.
  - intros. unfold image. apply dot_block.
Qed.

Lemma image_zero m w i x : dot m w (image i (fun _ => zero) x) = 0.
Proof.
  apply sum_zero. intros. unfold image. rewrite dot_zero_left. ring.
Qed.

Lemma image_negated m w i f x :
  dot m w (image i (fun j => negated (f j)) x) = - dot m w (image i f x).
Proof.
  rewrite dot_comm, (dot_comm _ w), <- dot_opp. apply dot_ext; auto. intros. apply dot_opp.
Qed.

Lemma image_at_zero m w i f : dot m w (image i f zero) = 0.
Proof.
  rewrite <- (dot_zero_right m w). apply dot_ext; auto. intros. apply dot_zero_right.
Qed.

Lemma image_unit m w x : dot m w (image m unit_vector x) = dot m w x.
Proof. apply dot_ext; auto. intros. apply dot_unit. auto. Qed.

Lemma dot_one w x : dot 1 w x = w 0%nat * x 0%nat.
Proof. unfold dot. simpl. ring. Qed.

Lemma dot_difference m f g x : dot m (fun i => f i - g i) x = dot m f x - dot m g x.
Proof. unfold dot. rewrite <- sum_minus. apply sum_ext. intros. ring. Qed.

Lemma optimal_or_refuted : (exists q l y z, optimal q l y z)
  \/ exists u v s t al be th, refuting u v s t al be th.
Proof.
  destruct (farkas_rows size system) as [|(f & b & C & L & Z)]; [left; apply solved_optimal; auto|].
  right.
  unfold system in C.
  apply combined_family_app in C. destruct C as (u & f1 & b1 & U & C & -> & E1).
  apply combined_family_app in C. destruct C as (v & f2 & b2 & V & C & -> & E2).
  apply combined_family_app in C. destruct C as (s & f3 & b3 & Y & C & -> & E3).
  apply combined_family_app in C. destruct C as (t & f4 & b4 & T & C & -> & E4).
  apply combined_family_app in C. destruct C as (al & f5 & b5 & A1 & C & -> & E5).
  apply combined_family_app in C. destruct C as (al' & f6 & b6 & A2 & C & -> & E6).
  apply combined_family_app in C. destruct C as (be & f7 & b7 & B1 & C & -> & E7).
  apply combined_family_app in C. destruct C as (be' & f8 & b8 & B2 & C & -> & E8).
  apply combined_family_app in C. destruct C as (th & f9 & b9 & G & C & -> & E9).
  change (@nil row) with (family 0 (fun _ => zero) zero) in C. apply combined_family in C.
  destruct C as (w & _ & E & ->). simpl in E.
  exists u, v, s, t, (fun i => al i - al' i), (fun j => be j - be' j), (th 0%nat).
  unfold refuting. split; auto. split; auto. split; auto. split; auto.
  split; [apply G; lia|]. split.
  - intros q l y z. assert (F : dot size f (block q l y z) = 0).
    { rewrite (dot_ext size f zero _ (block q l y z)); auto. apply dot_zero_left. }
    rewrite E1, E2, E3, E4, E5, E6, E7, E8, E9 in F.
    rewrite (dot_ext size f9 zero _ (block q l y z)), dot_zero_left in F; auto.
    rewrite !image_block, !image_zero, !image_negated, !image_unit in F.
    rewrite !dot_one in F.
    change (image n (fun _ : nat => c) q 0) with (dot n c q) in F.
    change (image p (fun _ : nat => e) l 0) with (dot p e l) in F.
    change (image k (fun _ : nat => a) y 0) with (dot k a y) in F.
    change (image r (fun _ : nat => d) z 0) with (dot r d z) in F.
    rewrite !dot_difference. lra.
  - rewrite !dot_difference. rewrite !dot_zero_right, !dot_negated_right in L. simpl in L. lra.
Qed.

(* ------------------------------------------------------------- what no worth of a side allows *)

Definition pair (q l : nat -> R) : R := dot n q (image p M l).
Definition worth (q l : nat -> R) : R := dot n c q + dot p e l + pair q l.

Lemma worth_bilinear q l : bilinear n p c e M q l = worth q l.
Proof.
  unfold bilinear, worth, pair. f_equal. apply sum_ext. intros i _.
  unfold image, dot. rewrite <- sum_scal. apply sum_ext. intros. ring.
Qed.

Lemma pair_transposed q l : dot p l (image n (column M) q) = pair q l.
Proof. unfold pair. symmetry. apply transposed. Qed.

Lemma dot_moved m f x t y : dot m f (fun i => x i + t * y i) = dot m f x + t * dot m f y.
Proof. unfold dot. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. ring. Qed.

Lemma no_slope x y hi : (forall t, 0 <= t -> x + t * y <= hi) -> y <= 0.
Proof.
  intros H. destruct (Rle_dec y 0) as [|P]; auto. exfalso.
  assert (x <= hi) by (specialize (H 0 (Rle_refl 0)); lra).
  assert (T : 0 <= (hi - x + 1) / y) by (apply div_nonneg; lra).
  specialize (H _ T). replace ((hi - x + 1) / y * y) with (hi - x + 1) in H by (field; lra). lra.
Qed.

(* A direction in which the polyhedron has no end. *)
Lemma endless m h C top w t : polyhedron m h C top w -> 0 <= t ->
  forall y, (forall j, (j < h)%nat -> dot m (C j) y <= 0) ->
  polyhedron m h C top (fun i => w i + t * y i).
Proof.
  intros P T y D j Hj. fold (dot m (C j) (fun i => w i + t * y i)). rewrite dot_moved.
  specialize (P j Hj). fold (dot m (C j) w) in P.
  assert (t * dot m (C j) y <= 0).
  { rewrite <- (Rmult_0_r t). apply Rmult_le_compat_l; auto. }
  lra.
Qed.

Lemma refuting_directions u v s t al be th : refuting u v s t al be th ->
  (forall j, (j < k)%nat -> dot n (A j) (negated al) <= th * a j)
  /\ (forall j, (j < r)%nat -> dot p (B j) (negated be) <= th * d j)
  /\ (forall q, dot k u (image n A q) = - pair q be + th * dot n c q)
  /\ (forall l, dot r v (image p B l) = pair al l - th * dot p e l).
Proof.
  intros (U & V & Y & T & G & E & L).
  assert (D : forall q l y z, dot k u (image n A q) + dot r v (image p B l) - dot k s y - dot r t z
    + (dot k y (image n A al) - pair al l) + (pair q be + dot r z (image p B be))
    + th * (dot k a y + dot p e l - dot n c q + dot r d z) = 0).
  { intros q l y z. rewrite <- (E q l y z), !transposed. reflexivity. }
  unfold pair in *. repeat apply conj.
  - intros j Hj. specialize (D zero zero (unit_vector j) zero). specialize (Y j Hj).
    rewrite !image_at_zero, !dot_zero_right, !dot_zero_left, (dot_comm k s), (dot_comm k a),
      !dot_unit in D by auto.
    rewrite dot_negated_right. unfold image in D. lra.
  - intros j Hj. specialize (D zero zero zero (unit_vector j)). specialize (T j Hj).
    rewrite !image_at_zero, !dot_zero_right, !dot_zero_left, (dot_comm r t), (dot_comm r d),
      !dot_unit in D by auto.
    rewrite dot_negated_right. unfold image in D. lra.
  - intros q. specialize (D q zero zero zero).
    rewrite !image_at_zero, !dot_zero_right, !dot_zero_left in D. lra.
  - intros l. specialize (D zero l zero zero).
    rewrite !image_at_zero, !dot_zero_right, !dot_zero_left in D. lra.
Qed.

(* The two strategies that are worth something. *)
Variables (q0 l0 : nat -> R) (lo hi : R).
Hypothesis Fq : polyhedron n k A a q0.
Hypothesis Fl : polyhedron p r B d l0.
Hypothesis Low : forall l, polyhedron p r B d l -> lo <= worth q0 l.
Hypothesis High : forall q, polyhedron n k A a q -> worth q l0 <= hi.

Lemma pair_negated_left q l : pair (negated q) l = - pair q l.
Proof. apply dot_negated. Qed.
Lemma pair_negated_right q l : pair q (negated l) = - pair q l.
Proof. rewrite <- !pair_transposed. apply dot_negated. Qed.
Lemma pair_moved_left q w t l : pair (fun i => q i + t * w i) l = pair q l + t * pair w l.
Proof. unfold pair. rewrite dot_comm, dot_moved, !(dot_comm n (image p M l)). reflexivity. Qed.
Lemma pair_moved_right q l t w : pair q (fun j => l j + t * w j) = pair q l + t * pair q w.
Proof.
  rewrite <- !pair_transposed, dot_comm, dot_moved, !(dot_comm p (image n (column M) q)).
  reflexivity.
Qed.

Lemma not_refuted u v s t al be th : ~ refuting u v s t al be th.
Proof.
  intros F. destruct (refuting_directions _ _ _ _ _ _ _ F) as (Rq & Rl & Iq & Il).
  destruct F as (U & V & _ & _ & G & _ & L).
  assert (Uq : dot k u (image n A (negated al)) <= dot k u (fun j => th * a j))
    by (apply dot_le; auto).
  assert (Vl : dot r v (image p B (negated be)) <= dot r v (fun j => th * d j))
    by (apply dot_le; auto).
  rewrite Iq, pair_negated_left, dot_negated_right in Uq.
  rewrite Il, pair_negated_right, dot_negated_right in Vl.
  assert (Scale : forall m w f, dot m w (fun j => th * f j) = th * dot m w f).
  { intros. unfold dot. rewrite <- sum_scal. apply sum_ext. intros. ring. }
  rewrite Scale in Uq, Vl. rewrite (dot_comm n al c), (dot_comm p be e) in L.
  destruct (Rle_lt_or_eq_dec 0 th G) as [P|Z].
  - assert (0 < th * (- (dot k u a + dot r v d + dot n c al - dot p e be)))
      by (apply Rmult_lt_0_compat; lra). lra.
  - subst th. clear Uq Vl Scale.
    assert (Uq : dot k u (image n A q0) <= dot k u a) by (apply dot_le; auto).
    assert (Vl : dot r v (image p B l0) <= dot r v d) by (apply dot_le; auto).
    rewrite Iq in Uq. rewrite Il in Vl.
    assert (Dq : dot n c (negated al) + pair (negated al) l0 <= 0).
    { apply (no_slope (worth q0 l0) _ hi). intros x X.
      assert (H : worth (fun i => q0 i + x * negated al i) l0 <= hi).
      { apply High, endless; auto. intros j Hj. specialize (Rq j Hj). lra. }
      unfold worth in *. rewrite dot_moved, pair_moved_left in H. lra. }
    assert (Dl : - (dot p e (negated be) + pair q0 (negated be)) <= 0).
    { apply (no_slope (- worth q0 l0) _ (- lo)). intros x X.
      assert (H : lo <= worth q0 (fun j => l0 j + x * negated be j)).
      { apply Low, endless; auto. intros j Hj. specialize (Rl j Hj). lra. }
      unfold worth in *. rewrite dot_moved, pair_moved_right in H. lra. }
    rewrite pair_negated_left, dot_negated_right in Dq.
    rewrite pair_negated_right, dot_negated_right in Dl. lra.
Qed.

Lemma optimal_saddle q l y z : optimal q l y z ->
  saddle (polyhedron n k A a) (polyhedron p r B d) worth q l (worth q l).
Proof.
  intros (Q & L & Y & Z & Ec & Ee & G).
  assert (Up : forall q', polyhedron n k A a q' -> worth q' l <= dot k a y + dot p e l).
  { intros q' Q'. unfold worth, pair.
    assert (D : dot n q' (image k (column A) y) = dot n c q' + dot n q' (image p M l)).
    { rewrite (dot_comm n c), <- dot_plus_right. apply dot_ext; auto. }
    assert (B1 : dot k y (image n A q') <= dot k y a) by (apply dot_le; auto).
    rewrite transposed in D. rewrite (dot_comm k a). lra. }
  assert (Down : forall l', polyhedron p r B d l' -> dot n c q - dot r d z <= worth q l').
  { intros l' L'. unfold worth. rewrite <- pair_transposed.
    assert (D : dot p l' (image r (column B) z) = - (dot p e l' + dot p l' (image n (column M) q))).
    { rewrite (dot_comm p e), <- dot_plus_right, <- dot_negated_right. apply dot_ext; auto. }
    assert (B1 : dot r z (image p B l') <= dot r z d) by (apply dot_le; auto).
    rewrite transposed in D. rewrite (dot_comm r d). lra. }
  assert (E1 := Up q Q). assert (E2 := Down l L).
  split; auto. split; auto. split; intros x X; [specialize (Down x X)|specialize (Up x X)]; lra.
Qed.
End Minimax.

Lemma minimax : minimax_statement.
Proof.
  intros n k A a p r B d c e M Q L U. split.
  - intros ((q0 & lo & Fq & Low) & (l0 & hi & Fl & High)). unfold U in *.
    destruct (optimal_or_refuted n k A a p r B d c e M)
      as [(q & l & y & z & O1)|(u & v & s & t & al & be & th & F)].
    + destruct (optimal_saddle n k A a p r B d c e M q l y z O1) as (Hq & Hl & D1 & D2).
      exists (worth n p c e M q l), q, l. split; auto. split; auto.
      split; intros; rewrite worth_bilinear; auto.
    + exfalso. revert F. apply not_refuted with (q0 := q0) (l0 := l0) (lo := lo) (hi := hi); auto;
        intros; rewrite <- worth_bilinear; auto.
  - intros (v & q & l & Hq & Hl & D1 & D2). split; [exists q, v|exists l, v]; auto.
Qed.
