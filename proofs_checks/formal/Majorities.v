(* Majorities and lower medians of a committee, by counting, A3. *)
Require Import Reals Lra Lia List Arith Bool.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums.
Open Scope nat_scope.

(* ------------------------------------------------------------------------------- counting *)

Lemma count_monotone n (p q : nat -> bool) :
  (forall i, i < n -> p i = true -> q i = true) -> count n p <= count n q.
Proof.
  induction n; simpl; intros L; [lia|].
  assert (count n p <= count n q) by (apply IHn; intros; apply L; auto).
  specialize (L n (Nat.lt_succ_diag_r n)). destruct (p n); [rewrite L by reflexivity|]; lia.
Qed.

Lemma count_all n p : (forall i, i < n -> p i = true) -> count n p = n.
Proof. induction n; simpl; intros L; [reflexivity|]. rewrite L, IHn by auto. lia. Qed.

Lemma count_complement n p : count n p + count n (fun i => negb (p i)) = n.
Proof. induction n; simpl; [reflexivity|]. destruct (p n); simpl; lia. Qed.

Lemma count_disjoint n p q : (forall i, i < n -> p i = true -> q i = false) ->
  count n p + count n q <= n.
Proof.
  induction n; simpl; intros L; [lia|].
  assert (count n p + count n q <= n) by (apply IHn; auto).
  specialize (L n (Nat.lt_succ_diag_r n)). destruct (p n); [rewrite L by reflexivity; lia|].
  destruct (q n); lia.
Qed.

Lemma count_more k f p : count k p <= count (k + f) p <= count k p + f.
Proof.
  induction f; [rewrite Nat.add_0_r; lia|]. rewrite Nat.add_succ_r. simpl.
  destruct (p (k + f)); lia.
Qed.

Lemma count_positive n p : 0 < count n p -> exists i, i < n /\ p i = true.
Proof.
  induction n; simpl; intros P; [lia|]. destruct (p n) eqn:E; [exists n; auto|].
  destruct IHn as (i & Hi & Pi); [lia|]. exists i. auto.
Qed.

Lemma whole_sum_le n f g : (forall i, i < n -> f i <= g i) -> whole_sum n f <= whole_sum n g.
Proof.
  induction n; simpl; intros L; [lia|].
  assert (whole_sum n f <= whole_sum n g) by (apply IHn; auto). specialize (L n). lia.
Qed.

Lemma whole_sum_count n k (w : nat -> nat -> bool) :
  whole_sum n (fun i => count k (fun t => w t i)) = whole_sum k (fun t => count n (w t)).
Proof.
  induction k; simpl.
  - induction n; simpl; lia.
  - rewrite <- IHk. clear. induction n; simpl; lia.
Qed.

Lemma half_bounds K : 2 * half K <= K + 1 < 2 * half K + 2.
Proof.
  unfold half. assert (E := Nat.div_mod (K + 1) 2 ltac:(lia)).
  assert (B := Nat.mod_upper_bound (K + 1) 2 ltac:(lia)). lia.
Qed.

(* If each bad point takes half of the teachers, the honest ones make the rest of the errors. *)
Lemma bad_points k f n (wrong : nat -> nat -> bool) bad m : f < half (k + f) ->
  (forall t, t < k -> count n (wrong t) <= m t) ->
  (forall i, i < n -> bad i = true -> half (k + f) <= count k (fun t => wrong t i) + f) ->
  count n bad <= whole_sum k m / (half (k + f) - f).
Proof.
  intros F M B. apply Nat.div_le_lower_bound; [lia|].
  apply Nat.le_trans with (whole_sum k (fun t => count n (wrong t))); [|apply whole_sum_le, M].
  rewrite <- whole_sum_count. clear M. induction n; simpl; [lia|].
  assert (L := IHn ltac:(intros; apply B; auto)).
  specialize (B n (Nat.lt_succ_diag_r n)). destruct (bad n); [specialize (B eq_refl)|]; lia.
Qed.

Lemma A3_majority : A3_majority_statement.
Proof.
  intros k f n C vote truth m F M.
  apply (bad_points k f n (fun t i => negb (vote t i =? truth i)%nat)); [exact F|exact M|].
  intros i Hi B. apply existsb_exists in B. destruct B as (c & _ & B).
  apply andb_true_iff in B. destruct B as [Diff More]. apply Nat.leb_le in More.
  apply negb_true_iff, Nat.eqb_neq in Diff. unfold votes in More.
  set (right := fun t => vote t i =? truth i) in *.
  assert (D : count (k + f) right + count (k + f) (fun t => vote t i =? c) <= k + f).
  { apply count_disjoint. intros t _ E. apply Nat.eqb_eq in E. apply Nat.eqb_neq. congruence. }
  assert (Z := count_complement (k + f) right). assert (H := half_bounds (k + f)).
  assert (L := count_more k f (fun t => negb (right t))). unfold right in *. lia.
Qed.

(* -------------------------------------------------------------------------- lower medians *)

Open Scope R_scope.

Definition under (x : nat -> R) (y : R) (t : nat) : bool := if Rlt_dec (x t) y then true else false.
Definition at_most (x : nat -> R) (y : R) (t : nat) : bool := if Rle_dec (x t) y then true else false.

Lemma under_true x y t : under x y t = true <-> x t < y.
Proof. unfold under. destruct (Rlt_dec (x t) y); split; easy. Qed.

Lemma at_most_true x y t : at_most x y t = true <-> x t <= y.
Proof. unfold at_most. destruct (Rle_dec (x t) y); split; easy. Qed.

Lemma median_unique K x y z : lower_median K x y -> lower_median K x z -> y <= z.
Proof.
  intros [Y1 Y2] [Z1 Z2]. apply Rnot_lt_le. intros L.
  assert (count K (at_most x z) <= count K (under x y))%nat; [|unfold at_most, under in *; lia].
  apply count_monotone. intros t _ A. apply at_most_true in A. apply under_true. lra.
Qed.

Lemma median_exists : median_exists_statement.
Proof.
  intros K x HK. assert (H := half_bounds K).
  destruct (argmin_exists K (fun t => (half K <= count K (at_most x (x t)))%nat) x)
    as (t & Ht & P & Least).
  - intros t. apply le_dec.
  - destruct (greatest_exists K x HK) as (top & Top & t & Ht & E). exists t. split; [exact Ht|].
    rewrite count_all; [lia|]. intros i Hi. apply at_most_true. rewrite E. apply Top, Hi.
  - assert (M : lower_median K x (x t)).
    { split; [|exact P]. apply Nat.nle_gt. intros Q.
      destruct (argmin_exists K (fun u => x u < x t) (fun u => - x u)) as (u & Hu & Lu & Best).
      - intros u. apply Rlt_dec.
      - destruct (count_positive K (under x (x t))) as (u & Hu & Lu);
          [unfold under; lia|]. exists u. split; [exact Hu|apply under_true, Lu].
      - assert (x t <= x u); [|lra]. apply Least; [exact Hu|].
        apply Nat.le_trans with (1 := Q). apply count_monotone. intros i Hi A.
        apply under_true in A. apply at_most_true. specialize (Best i Hi A). lra. }
    exists (x t). split; [exact M|]. intros z Z.
    apply Rle_antisym; eapply median_unique; eassumption.
Qed.

Lemma two_terms n f i j : nonneg n f -> (i < n)%nat -> (j < n)%nat -> i <> j ->
  f i + f j <= sum n f.
Proof.
  intros P Hi Hj D. rewrite <- (sum_unit_vector_times n i f Hi).
  rewrite <- (sum_unit_vector_times n j f Hj), <- sum_plus. apply sum_le. intros k Hk.
  assert (Z := P k Hk). unfold unit_vector.
  destruct (Nat.eq_dec k i), (Nat.eq_dec k j); try lra. congruence.
Qed.

Lemma A3_median : A3_median_statement.
Proof.
  intros k f n C soft median truth wrong m F TC Sharp M Med.
  apply (bad_points k f n wrong); [exact F|exact M|]. intros i Hi B.
  apply existsb_exists in B. destruct B as (c & Hc & B).
  apply in_seq in Hc. apply andb_true_iff in B. destruct B as [Diff More].
  apply negb_true_iff, Nat.eqb_neq in Diff.
  destruct (Rle_dec (median i (truth i)) (median i c)) as [Le|]; [clear More|discriminate].
  assert (HT := TC i Hi).
  destruct (Med i (truth i) Hi HT) as [_ Own]. destruct (Med i c Hi ltac:(lia)) as [Other _].
  fold (at_most (fun t => soft t i (truth i)) (median i (truth i))) in Own.
  fold (under (fun t => soft t i c) (median i c)) in Other.
  apply Nat.nlt_ge. intros Few.
  assert (Half : 1 / 2 < median i (truth i)).
  { apply Rnot_le_lt. intros Low. apply (Nat.lt_irrefl (half (k + f))).
    apply Nat.le_lt_trans with (1 := Own). apply Nat.le_lt_trans with (2 := Few).
    apply Nat.le_trans with (1 := proj2 (count_more k f _)). apply Nat.add_le_mono_r.
    apply count_monotone. intros t Ht A. apply at_most_true in A.
    destruct (wrong t i) eqn:E; [reflexivity|].
    destruct (Sharp t i Ht Hi E) as (_ & _ & Q). lra. }
  assert (L : (count k (fun t => negb (wrong t i)) <= count k (under (fun t => soft t i c)
                                                                (median i c)))%nat).
  { apply count_monotone. intros t Ht A. apply negb_true_iff in A. apply under_true.
    destruct (Sharp t i Ht Hi A) as (P & Q1 & Q).
    assert (Two := two_terms C (soft t i) (truth i) c P HT ltac:(lia) ltac:(congruence)). lra. }
  assert (Z := count_complement k (fun t => wrong t i)). cbv beta in Z.
  assert (T := count_more k f (under (fun t => soft t i c) (median i c))).
  assert (H := half_bounds (k + f)). lia.
Qed.

Ltac decide_all :=
  repeat match goal with
    | |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b); try lra
    | |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b); try lra
    end.

Lemma A3_flat : A3_flat_statement.
Proof.
  assert (M0 : lower_median 3 (fun t => three_labels t 0) (34 / 100)).
  { unfold lower_median, three_labels. simpl. decide_all. unfold half. simpl. lia. }
  assert (M1 : lower_median 3 (fun t => three_labels t 1) (45 / 100)).
  { unfold lower_median, three_labels. simpl. decide_all. unfold half. simpl. lia. }
  split; [|split; [|split; [reflexivity|]]].
  - intros t Ht. assert (t = 0 \/ t = 1 \/ t = 2)%nat as [->|[->| ->]] by lia;
      (split; [|simpl; lra]); intros i Hi;
      assert (i = 0 \/ i = 1 \/ i = 2)%nat as [->|[->| ->]] by lia; simpl; lra.
  - intros t c Ht Hc. assert (t = 0 \/ t = 1)%nat as [->| ->] by lia;
      assert (c = 1 \/ c = 2)%nat as [->| ->] by lia; simpl; lra.
  - intros median Med.
    assert (E0 : median 0%nat = 34 / 100)
      by (apply Rle_antisym; eapply median_unique; try eassumption; apply Med; lia).
    assert (E1 : median 1%nat = 45 / 100)
      by (apply Rle_antisym; eapply median_unique; try eassumption; apply Med; lia).
    split; [exact E0|]. split; [exact E1|]. apply existsb_exists. exists 1%nat.
    split; [apply in_seq; lia|]. simpl. rewrite E0, E1. destruct (Rle_dec _ _); [reflexivity|lra].
Qed.
