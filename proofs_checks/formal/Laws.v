(* The joint law behind R1 and R2.  Atoms are kept in two classes, of c and of c + 1 correct points;
   the next point is correct on the first class first, so the counts never differ by more than one.
   z i = 1 - l i says that point i is labelled correctly. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements Sums.
Import ListNotations.
Open Scope R_scope.

Definition every_atom (L : law) (P : nat -> (nat -> R) -> Prop) : Prop :=
  forall w i z, In (w, (i, z)) L -> 0 <= w /\ P i z.
Definition total_weight (L : law) : R := mean L (fun _ _ => 1).
Definition mapped (u : nat -> (nat -> R) -> nat -> R) (L : law) : law :=
  map (fun a => (fst a, (fst (snd a), u (fst (snd a)) (snd (snd a))))) L.

Lemma mean_app A B f : mean (A ++ B) f = mean A f + mean B f.
Proof. induction A as [|(w & i & z) A IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma mean_mapped u L f : mean (mapped u L) f = mean L (fun i z => f i (u i z)).
Proof. induction L as [|(w & i & z) L IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma mean_ext L P f f' : every_atom L P -> (forall i z, P i z -> f i z = f' i z) ->
  mean L f = mean L f'.
Proof.
  intros A E. induction L as [|(w & i & z) L IH]; simpl; [lra|].
  rewrite IH by (intros w' i' z' H; apply A; right; exact H).
  destruct (A w i z) as (_ & Q); [left; reflexivity|]. rewrite (E i z Q). lra.
Qed.

Lemma mean_plus L f f' : mean L (fun i z => f i z + f' i z) = mean L f + mean L f'.
Proof. induction L as [|(w & i & z) L IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma mean_scal L c f : mean L (fun i z => c * f i z) = c * mean L f.
Proof. induction L as [|(w & i & z) L IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma mean_sum L n (f : nat -> nat -> (nat -> R) -> R) :
  mean L (fun i z => sum n (fun k => f k i z)) = sum n (fun k => mean L (f k)).
Proof.
  induction n; simpl.
  - induction L as [|(w & i & z) L IH]; simpl; lra.
  - rewrite mean_plus, IHn. reflexivity.
Qed.

Lemma mean_nonneg L P f : every_atom L P -> (forall i z, 0 <= f i z) -> 0 <= mean L f.
Proof.
  intros A F. induction L as [|(w & i & z) L IH]; simpl; [lra|].
  destruct (A w i z) as (W & _); [left; reflexivity|].
  assert (0 <= mean L f) by (apply IH; intros w' i' z' H; apply A; right; exact H).
  assert (0 <= w * f i z) by (apply Rmult_le_pos; auto). lra.
Qed.

Lemma total_weight_nonneg L P : every_atom L P -> 0 <= total_weight L.
Proof. intros A. apply (mean_nonneg L P); auto. intros. lra. Qed.

Lemma mean_of_weightless L P f : every_atom L P -> total_weight L = 0 -> mean L f = 0.
Proof.
  unfold total_weight. induction L as [|(w & i & z) L IH]; simpl; intros A W; [lra|].
  destruct (A w i z) as (W0 & _); [left; reflexivity|].
  assert (A' : every_atom L P) by (intros w' i' z' H; apply A; right; exact H).
  assert (N := total_weight_nonneg L P A'). unfold total_weight in N.
  rewrite IH by (auto; lra). replace w with 0 by lra. lra.
Qed.

(* Some atom does no worse than the mean. *)
Lemma mean_attained L P f v : every_atom L P -> 0 < total_weight L ->
  v * total_weight L <= mean L f ->
  exists w i z, In (w, (i, z)) L /\ v <= f i z.
Proof.
  unfold total_weight. induction L as [|(w & i & z) L IH]; simpl; intros A W M; [lra|].
  destruct (Rle_dec v (f i z)) as [Q|Q].
  { exists w, i, z. split; auto. }
  destruct (A w i z) as (W0 & _); [left; reflexivity|].
  assert (A' : every_atom L P) by (intros w' i' z' H; apply A; right; exact H).
  assert (N := total_weight_nonneg L P A'). unfold total_weight in N.
  destruct (Req_dec (mean L (fun _ _ => 1)) 0) as [Z|Z].
  - exfalso. rewrite (mean_of_weightless L P f A' Z) in M. rewrite Z in M, W.
    assert (0 < w * (v - f i z)) by (apply Rmult_lt_0_compat; lra). lra.
  - assert (w * f i z <= w * v) by (apply Rmult_le_compat_l; lra).
    destruct IH as (w' & i' & z' & H' & G); auto; [destruct N; [auto|congruence]|lra|].
    exists w', i', z'. auto.
Qed.

Lemma law_splits_at_weight L P y : every_atom L P -> 0 <= y <= total_weight L ->
  exists A B, every_atom A P /\ every_atom B P /\ total_weight A = y
    /\ forall f, mean A f + mean B f = mean L f.
Proof.
  revert y. unfold total_weight. induction L as [|(w & i & z) L IH]; simpl; intros y A Y.
  - exists [], []. split; [intros w i z []|]. split; [intros w i z []|].
    split; simpl; intros; lra.
  - destruct (A w i z) as (W0 & Q); [left; reflexivity|].
    assert (A' : every_atom L P) by (intros w' i' z' H; apply A; right; exact H).
    destruct (Rle_dec y w) as [C|C].
    + exists [(y, (i, z))], ((w - y, (i, z)) :: L). split; [|split; [|split]].
      * intros w' i' z' [E|[]]. inversion E; subst. split; [lra|auto].
      * intros w' i' z' [E|H]; [inversion E; subst; split; [lra|auto]|apply A'; auto].
      * simpl. lra.
      * intros f. simpl. lra.
    + destruct (IH (y - w) A') as (B1 & B2 & X1 & X2 & W & M); [lra|].
      exists ((w, (i, z)) :: B1), B2. split; [|split; [auto|split]].
      * intros w' i' z' [E|H]; [inversion E; subst; auto|apply X1; auto].
      * simpl. lra.
      * intros f. simpl. rewrite <- M. lra.
Qed.

Definition updated (k : nat) (x : R) (z : nat -> R) (i : nat) : R :=
  if Nat.eq_dec i k then x else z i.

Lemma sum_updated k x z : sum (S k) (updated k x z) = sum k z + x.
Proof.
  simpl. unfold updated at 2. destruct (Nat.eq_dec k k); [|lia].
  rewrite (sum_ext k _ z); auto. intros i Hi. unfold updated. destruct (Nat.eq_dec i k); [lia|auto].
Qed.

(* Of the first k points, c are correct; the benchmark i, if it is one of them, is correct. *)
Definition placed_atom (k c : nat) (i : nat) (z : nat -> R) : Prop :=
  (forall r, (r < k)%nat -> z r = 0 \/ z r = 1) /\ sum k z = INR c
  /\ (i < k)%nat /\ z i = 1.
(* The same, but the benchmark may be the next point. *)
Definition placed_or_next_atom (k c : nat) (i : nat) (z : nat -> R) : Prop :=
  (forall r, (r < k)%nat -> z r = 0 \/ z r = 1) /\ sum k z = INR c
  /\ ((i < k)%nat /\ z i = 1 \/ i = k).

Lemma placed_or_next_of_placed k c i z : placed_atom k c i z -> placed_or_next_atom k c i z.
Proof. intros (A & B & C & D). split; auto. Qed.

Lemma every_atom_mapped u L (P P' : nat -> (nat -> R) -> Prop) : every_atom L P ->
  (forall i z, P i z -> P' i (u i z)) ->
  every_atom (mapped u L) P'.
Proof.
  intros A H w i z Hin. apply in_map_iff in Hin. destruct Hin as ((w' & i' & z') & E & Hin).
  simpl in E. inversion E; subst. destruct (A _ _ _ Hin) as (W & Q). split; auto.
Qed.

Lemma every_atom_app A B (P : nat -> (nat -> R) -> Prop) : every_atom A P -> every_atom B P ->
  every_atom (A ++ B) P.
Proof. intros X Y w i z Hin. apply in_app_iff in Hin. destruct Hin; auto. Qed.

Lemma updated_correct k c i z : placed_or_next_atom k c i z ->
  placed_atom (S k) (S c) i (updated k 1 z).
Proof.
  intros (A & B & C). split; [|split; [|split]].
  - intros r Hr. unfold updated. destruct (Nat.eq_dec r k); [auto|apply A; lia].
  - rewrite sum_updated, B, S_INR. reflexivity.
  - destruct C as [(C & _)|C]; lia.
  - unfold updated. destruct (Nat.eq_dec i k); auto.
    destruct C as [(_ & C)|C]; [auto|contradiction].
Qed.

Lemma updated_mistaken k c i z : placed_atom k c i z -> placed_atom (S k) c i (updated k 0 z).
Proof.
  intros (A & B & C & D). split; [|split; [|split]].
  - intros r Hr. unfold updated. destruct (Nat.eq_dec r k); [auto|apply A; lia].
  - rewrite sum_updated, B. lra.
  - lia.
  - unfold updated. destruct (Nat.eq_dec i k); [lia|auto].
Qed.

Section Law.
Variables (y : nat -> R) (benchmark_mean : (nat -> R) -> R).

(* What a pair of classes has to keep: weights, marginals of the first k points, law of the
   benchmark. *)
Definition tally (k : nat) (A B : law) : Prop :=
  0 < total_weight A /\ total_weight A + total_weight B = 1
  /\ (forall r, (r < k)%nat -> mean A (fun _ z => z r) + mean B (fun _ z => z r) = y r)
  /\ (forall f, mean A (fun i _ => f i) + mean B (fun i _ => f i) = benchmark_mean f).

Lemma mean_updated_elsewhere k x L r : (r < k)%nat ->
  mean L (fun _ z => updated k x z r) = mean L (fun _ z => z r).
Proof.
  intros Hr. unfold updated. destruct (Nat.eq_dec r k); [lia|reflexivity].
Qed.

Lemma mean_updated_there k x L : mean L (fun _ z => updated k x z k) = x * total_weight L.
Proof.
  unfold updated, total_weight. destruct (Nat.eq_dec k k); [|lia].
  rewrite <- mean_scal. induction L as [|(w & i & z) L IH]; simpl; [lra|rewrite IH; lra].
Qed.

Notation correct_at k := (mapped (fun _ z => updated k 1 z)).
Notation mistaken_at k := (mapped (fun _ z => updated k 0 z)).

(* The point takes less than the first class. *)
Lemma point_within_first_class k c A B : every_atom A (placed_atom k c) ->
  every_atom B (placed_atom k (S c)) ->
  tally k A B -> 0 <= y k < total_weight A ->
  exists A' B', every_atom A' (placed_atom (S k) c) /\ every_atom B' (placed_atom (S k) (S c))
    /\ tally (S k) A' B'.
Proof.
  intros HA HB (T1 & T2 & T3 & T4) Y.
  destruct (law_splits_at_weight A _ (y k) HA) as (A1 & A2 & X1 & X2 & W & M); [lra|].
  exists (mistaken_at k A2), (correct_at k A1 ++ mistaken_at k B).
  split; [|split; [|split; [|split; [|split]]]].
  - eapply every_atom_mapped; eauto. intros. apply updated_mistaken; auto.
  - apply every_atom_app; eapply every_atom_mapped; eauto; intros.
    + apply updated_correct, placed_or_next_of_placed; auto.
    + apply updated_mistaken; auto.
  - unfold total_weight in *. rewrite mean_mapped. assert (Q := M (fun _ _ => 1)). lra.
  - unfold total_weight in *. rewrite mean_app, !mean_mapped. assert (Q := M (fun _ _ => 1)). lra.
  - intros r Hr. rewrite mean_app, !mean_mapped. destruct (Nat.eq_dec r k) as [->|N].
    + rewrite !mean_updated_there, W. lra.
    + rewrite !mean_updated_elsewhere by lia. rewrite <- T3 by lia. rewrite <- M. lra.
  - intros f. rewrite mean_app, !mean_mapped. rewrite <- T4, <- M. lra.
Qed.

(* It takes all of the first class, and more. *)
Lemma point_beyond_first_class k c A B : every_atom A (placed_or_next_atom k c) ->
  every_atom B (placed_atom k (S c)) ->
  tally k A B -> total_weight A <= y k <= 1 ->
  exists A' B', every_atom A' (placed_atom (S k) (S c))
    /\ every_atom B' (placed_atom (S k) (S (S c)))
    /\ tally (S k) A' B'.
Proof.
  intros HA HB (T1 & T2 & T3 & T4) Y.
  destruct (law_splits_at_weight B _ (y k - total_weight A) HB) as (B1 & B2 & X1 & X2 & W & M);
    [lra|].
  exists (correct_at k A ++ mistaken_at k B2), (correct_at k B1).
  split; [|split; [|split; [|split; [|split]]]].
  - apply every_atom_app; eapply every_atom_mapped; eauto; intros.
    + apply updated_correct; auto.
    + apply updated_mistaken; auto.
  - eapply every_atom_mapped; eauto. intros. apply updated_correct, placed_or_next_of_placed; auto.
  - unfold total_weight in *. rewrite mean_app, !mean_mapped. assert (Q := M (fun _ _ => 1)).
    simpl in Q. assert (N := total_weight_nonneg B2 _ X2). unfold total_weight in N. lra.
  - unfold total_weight in *. rewrite mean_app, !mean_mapped. assert (Q := M (fun _ _ => 1)). lra.
  - intros r Hr. rewrite mean_app, !mean_mapped. destruct (Nat.eq_dec r k) as [->|N].
    + rewrite !mean_updated_there, W. lra.
    + rewrite !mean_updated_elsewhere by lia. rewrite <- T3 by lia. rewrite <- M. lra.
  - intros f. rewrite mean_app, !mean_mapped. rewrite <- T4, <- M. lra.
Qed.

Lemma points_one_by_one k d c A B : every_atom A (placed_atom k c) ->
  every_atom B (placed_atom k (S c)) -> tally k A B ->
  (forall i, (i < k + d)%nat -> 0 <= y i <= 1) ->
  exists c' A' B', every_atom A' (placed_atom (k + d) c')
    /\ every_atom B' (placed_atom (k + d) (S c'))
    /\ tally (k + d) A' B'.
Proof.
  intros HA HB T Y. induction d.
  - rewrite Nat.add_0_r. exists c, A, B. auto.
  - destruct IHd as (c' & A' & B' & HA' & HB' & T'). { intros i Hi. apply Y. lia. }
    rewrite Nat.add_succ_r. assert (Yk := Y (k + d)%nat ltac:(lia)).
    destruct (Rlt_dec (y (k + d)%nat) (total_weight A')) as [C|C].
    + destruct (point_within_first_class _ _ _ _ HA' HB' T') as (A2 & B2 & X); [lra|].
      exists c', A2, B2. exact X.
    + destruct (point_beyond_first_class (k + d) c' A' B') as (A2 & B2 & X); auto;
        [|lra|exists (S c'), A2, B2; exact X].
      intros w i z Hin. destruct (HA' w i z Hin) as (W & Q). split; auto.
      apply placed_or_next_of_placed. auto.
Qed.
End Law.

(* The first j points are correct on disjoint atoms: atom i, of weight y i, has benchmark i. *)
Fixpoint disjoint_benchmarks (y : nat -> R) (j : nat) : law :=
  match j with O => [] | S k => (y k, (k, unit_vector k)) :: disjoint_benchmarks y k end.

Lemma disjoint_benchmarks_mean y j f :
  mean (disjoint_benchmarks y j) f = sum j (fun i => y i * f i (unit_vector i)).
Proof. induction j; simpl; [lra|rewrite IHj; lra]. Qed.

Lemma disjoint_benchmarks_placed y j k : (j <= k)%nat -> (forall i, (i < j)%nat -> 0 <= y i) ->
  every_atom (disjoint_benchmarks y j) (placed_atom k 1).
Proof.
  induction j; simpl; intros Hk Y w i z H; [contradiction|]. destruct H as [E|H].
  - inversion E; subst. split; [apply Y; lia|]. split; [|split; [|split]].
    + intros r Hr. unfold unit_vector. destruct (Nat.eq_dec r i); auto.
    + rewrite sum_unit_vector by lia. simpl. lra.
    + lia.
    + unfold unit_vector. destruct (Nat.eq_dec i i); [auto|lia].
  - apply IHj; auto; lia.
Qed.

(* The mean of f over the benchmark: point i < j with probability y i, else point j. *)
Definition mean_at_benchmark (y : nat -> R) (j : nat) (f : nat -> R) : R :=
  sum j (fun i => y i * f i) + (1 - sum j y) * f j.

(* The start: the benchmark waits for point j on one atom of what weight is left. *)
Lemma tally_at_pivot y j : sum j y < 1 ->
  tally y (mean_at_benchmark y j) j [(1 - sum j y, (j, fun _ => 0))] (disjoint_benchmarks y j).
Proof.
  intros Y. unfold tally, total_weight. split; [|split; [|split]].
  - simpl. lra.
  - rewrite disjoint_benchmarks_mean. simpl.
    rewrite (sum_ext j (fun i => y i * 1) y) by (intros; ring). lra.
  - intros r Hr. rewrite disjoint_benchmarks_mean. simpl.
    rewrite (sum_ext j (fun i => y i * unit_vector i r) (fun i => unit_vector r i * y i)).
    + rewrite sum_unit_vector_times by auto. lra.
    + intros i Hi. unfold unit_vector.
      destruct (Nat.eq_dec r i), (Nat.eq_dec i r); try lia; lra.
  - intros f. rewrite disjoint_benchmarks_mean. unfold mean_at_benchmark. simpl. lra.
Qed.

Lemma classes_exist n y j : (forall i, (i < n)%nat -> 0 <= y i <= 1) -> (j < n)%nat ->
  sum j y < 1 <= sum (S j) y ->
  exists c A B, every_atom A (placed_atom n c) /\ every_atom B (placed_atom n (S c))
    /\ tally y (mean_at_benchmark y j) n A B.
Proof.
  intros Y Hj (P1 & P2). assert (T := tally_at_pivot y j P1).
  set (A := [(1 - sum j y, (j, fun _ => 0))] : law) in *.
  destruct (point_beyond_first_class y (mean_at_benchmark y j) j 0 A (disjoint_benchmarks y j))
    as (A1 & B1 & X1 & X2 & X3); auto.
  - intros w i z [E|[]]. inversion E; subst. split; [lra|]. split; [|split].
    + intros r Hr. left. reflexivity.
    + rewrite sum_zero; [reflexivity|]. intros. reflexivity.
    + right. reflexivity.
  - apply disjoint_benchmarks_placed; auto. intros i Hi. apply Y. lia.
  - unfold total_weight, A. simpl. simpl in P2. specialize (Y j Hj). lra.
  - destruct (points_one_by_one y (mean_at_benchmark y j) (S j) (n - S j) 1 A1 B1 X1 X2 X3)
      as (c & A2 & B2 & HT).
    { intros i Hi. apply Y. lia. }
    replace (S j + (n - S j))%nat with n in HT by lia. exists c, A2, B2. exact HT.
Qed.

(* Both classes have as many correct points as there are in the mean, rounded down. *)
Lemma classes_round_down n c y f m A B : every_atom A (placed_atom n c) ->
  every_atom B (placed_atom n (S c)) -> tally y f n A B -> INR n - INR m <= sum n y ->
  (n <= c + m)%nat.
Proof.
  intros HA HB (W1 & W2 & W3 & _) M.
  assert (E : sum n y = INR c + total_weight B).
  { rewrite <- (sum_ext n _ _ W3), sum_plus, <- !mean_sum.
    rewrite (mean_ext A _ _ (fun _ _ => INR c * 1) HA)
      by (intros i z (_ & E & _); change (sum n z = INR c * 1); rewrite E; ring).
    rewrite (mean_ext B _ _ (fun _ _ => INR (S c) * 1) HB)
      by (intros i z (_ & E & _); change (sum n z = INR (S c) * 1); rewrite E; ring).
    rewrite !mean_scal. fold (total_weight A). fold (total_weight B). rewrite S_INR. nra. }
  destruct (le_lt_dec n (c + m)) as [?|Q]; auto.
  exfalso. assert (INR (S (c + m)) <= INR n) by (apply le_INR; lia).
  rewrite S_INR, plus_INR in H. lra.
Qed.

Lemma classes_together n c A B : every_atom A (placed_atom n c) ->
  every_atom B (placed_atom n (S c)) ->
  every_atom (A ++ B) (fun i z => (forall r, (r < n)%nat -> z r = 0 \/ z r = 1)
    /\ INR c <= sum n z /\ (i < n)%nat /\ z i = 1).
Proof.
  intros HA HB. apply every_atom_app.
  - intros w i z H. destruct (HA w i z H) as (Q0 & Q1 & Q2 & Q3).
    split; [auto|]. split; [auto|]. split; [lra|auto].
  - intros w i z H. destruct (HB w i z H) as (Q0 & Q1 & Q2 & Q3).
    rewrite S_INR in Q2. split; [auto|]. split; [auto|]. split; [lra|auto].
Qed.

(* Atoms whose benchmark comes after j can go if they weigh nothing. *)
Definition benchmark_up_to (j : nat) (L : law) : law :=
  filter (fun a => Nat.leb (fst (snd a)) j) L.

Lemma mean_benchmark_up_to j L P f : every_atom L P ->
  mean L (fun i _ => if Nat.leb i j then 0 else 1) = 0 -> mean (benchmark_up_to j L) f = mean L f.
Proof.
  induction L as [|(w & i & z) L IH]; simpl; intros A Z; auto.
  assert (A' : every_atom L P) by (intros w' i' z' H; exact (A w' i' z' (or_intror H))).
  assert (N : 0 <= mean L (fun i _ => if Nat.leb i j then 0 else 1)).
  { apply (mean_nonneg L P); auto. intros i' _. destruct (Nat.leb i' j); lra. }
  destruct (A w i z) as (W & _); [left; reflexivity|]. unfold benchmark_up_to in *. simpl.
  destruct (Nat.leb i j); simpl.
  - rewrite IH; auto. lra.
  - rewrite IH by (auto; lra). replace w with 0 by lra. lra.
Qed.

Lemma R_law : R_law_statement.
Proof.
  intros n m x j U M Hj Piv. set (y := fun i => 1 - x i) in *.
  assert (Y : forall i, (i < n)%nat -> 0 <= y i <= 1)
    by (intros i Hi; specialize (U i Hi); unfold y; lra).
  destruct (classes_exist n y j Y Hj Piv) as (c & A & B & HA & HB & T).
  assert (Cn : (n <= c + m)%nat).
  { apply (classes_round_down n c y _ m A B HA HB T). unfold y.
    rewrite sum_minus, sum_const. lra. }
  destruct T as (_ & W & Marginals & Benchmark).
  assert (Ev := classes_together n c A B HA HB). set (L := A ++ B) in *.
  assert (Mean : forall f, mean (benchmark_up_to j L) f = mean L f).
  { intros f. apply (mean_benchmark_up_to j L _ f Ev). unfold L.
    rewrite mean_app, (Benchmark (fun i => if Nat.leb i j then 0 else 1)). unfold mean_at_benchmark.
    rewrite Nat.leb_refl, sum_zero; [lra|]. intros i Hi.
    replace (Nat.leb i j) with true by (symmetry; apply Nat.leb_le; lia). ring. }
  exists (mapped (fun _ z r => 1 - z r) (benchmark_up_to j L)). split; [|split; [|split]].
  - intros w i l H. apply in_map_iff in H. destruct H as ((w' & i' & z) & E & H).
    simpl in E. inversion E; subst. apply filter_In in H. destruct H as (H & Le).
    simpl in Le. apply Nat.leb_le in Le. destruct (Ev w i z H) as (Q0 & Q1 & Q2 & Q3 & Q4).
    split; auto. split; auto. split; [lra|]. split.
    + intros r Hr. destruct (Q1 r Hr) as [-> | ->]; [right|left]; lra.
    + rewrite sum_minus, sum_const. apply le_INR in Cn. rewrite plus_INR in Cn. lra.
  - rewrite mean_mapped, Mean. unfold L. rewrite mean_app. exact W.
  - intros i Hi. rewrite mean_mapped, Mean.
    rewrite (mean_ext L _ _ (fun _ z => 1 + -1 * z i) Ev) by (intros; ring).
    rewrite mean_plus, mean_scal. unfold L. rewrite !mean_app, (Marginals i Hi).
    unfold total_weight in W. rewrite W. unfold y. ring.
  - intros f. rewrite mean_mapped, Mean. unfold L. rewrite mean_app. apply Benchmark.
Qed.
