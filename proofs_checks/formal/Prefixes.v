(* V2: the level as the best prefix of the sorted gains, unimodality, and Newton's method. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements Sums Levels.
Open Scope R_scope.

Lemma inverse_sum_positive s k : (1 <= k)%nat -> (forall i, (i < k)%nat -> 0 < s i) ->
  0 < sum k (fun i => / s i).
Proof.
  intros K P. apply sum_pos with (i := O); auto.
  - intros i Hi. apply Rlt_le, Rinv_0_lt_compat. auto.
  - apply Rinv_0_lt_compat. auto.
Qed.

(* What holds for every index before one for which it holds, holds on a prefix. *)
Lemma downward_closed_is_prefix n (P : nat -> Prop) : (forall i, {P i} + {~ P i}) ->
  (forall i j, (i <= j)%nat -> (j < n)%nat -> P j -> P i) ->
  exists k, (k <= n)%nat /\ forall i, (i < n)%nat -> ((i < k)%nat <-> P i).
Proof.
  intros dec. induction n; intros Down.
  - exists O. split; auto. intros; lia.
  - destruct IHn as (k & K & E).
    { intros i j Hij Hj. apply Down; lia. }
    destruct (dec n) as [Pn|Nn].
    + exists (S n). split; auto. intros i Hi. split; intros _; [|lia]. apply (Down i n); auto; lia.
    + exists k. split; [lia|]. intros i Hi. destruct (Nat.eq_dec i n) as [->|N].
      * split; intros; [lia|contradiction].
      * apply E. lia.
Qed.

Lemma points_at_or_above_are_prefix n g x : descending n g ->
  exists k, (k <= n)%nat /\ forall i, (i < n)%nat -> ((i < k)%nat <-> x <= g i).
Proof.
  intros D. apply downward_closed_is_prefix.
  - intros i. destruct (Rle_dec x (g i)); auto.
  - intros i j Hij Hj. specialize (D i j Hij Hj). lra.
Qed.

Lemma points_above_are_prefix n g x : descending n g ->
  exists k, (k <= n)%nat /\ forall i, (i < n)%nat -> ((i < k)%nat <-> x < g i).
Proof.
  intros D. apply downward_closed_is_prefix.
  - intros i. destruct (Rlt_dec x (g i)); auto.
  - intros i j Hij Hj. specialize (D i j Hij Hj). lra.
Qed.

Lemma V2_prefix : V2_prefix_statement.
Proof.
  intros n g h m lam P D s L. assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  split.
  - intros k K. assert (Hk : 0 < sum k (fun i => / s i)).
    { apply inverse_sum_positive; [lia|]. intros i Hi. apply s_pos. lia. }
    apply div_le_iff_le_mult; auto. destruct L as (E & _). rewrite <- E.
    apply Rle_trans with (sum k (fun i => lam * / s i) + sum k (shaved g s lam) - phi n g s lam).
    + assert (sum k (fun i => g i / s i) <=
              sum k (fun i => lam * / s i) + sum k (shaved g s lam)); [|lra].
      rewrite <- sum_plus. apply sum_le. intros i Hi. unfold shaved.
      assert (A := s_pos i ltac:(lia)). assert (B := le_pos (g i - lam)).
      replace (lam * / s i + pos (g i - lam) / s i) with ((lam + pos (g i - lam)) / s i)
        by (field; lra).
      apply div_le_compat; lra.
    + rewrite sum_scal. assert (sum k (shaved g s lam) <= phi n g s lam); [|lra].
      unfold phi. rewrite (sum_split n k) by lia.
      assert (0 <= sum (n - k) (fun i => shaved g s lam (k + i)%nat)); [|lra].
      apply sum_nonneg. intros i Hi. apply shaved_nonneg with (n := n); auto. lia.
  - destruct (points_at_or_above_are_prefix n g lam D) as (k & K & E). exists k.
    assert (K1 : (1 <= k)%nat).
    { destruct L as (_ & i & Hi & Li). assert (i < k)%nat by (apply E; auto). lia. }
    split; [lia|]. split; [|exact E].
    assert (Pre : forall f, sum n (supported g lam f) = sum k f).
    { intros f. rewrite (sum_prefix n k) by
        (auto; intros i Hi; unfold supported; destruct (Rle_dec lam (g i)); auto;
         exfalso; apply E in r; lia).
      apply sum_ext. intros i Hi. unfold supported. destruct (Rle_dec lam (g i)); auto.
      exfalso. apply n0. apply E; lia. }
    symmetry. rewrite (level_formula n g s s_pos m lam L) at 1. unfold density, ratio.
    rewrite !Pre. reflexivity.
Qed.

Lemma ratio_step_identity g s m k : (1 <= k)%nat -> (forall i, (i <= k)%nat -> 0 < s i) ->
  ratio g s m (S k) - ratio g s m k =
  (g k - ratio g s m k) / (s k * sum (S k) (fun i => / s i)).
Proof.
  intros K P. assert (A : 0 < sum k (fun i => / s i))
    by (apply inverse_sum_positive; auto with arith).
  assert (B := P k (le_n k)). assert (C := Rinv_0_lt_compat _ B).
  unfold ratio. simpl.
  set (X := sum k (fun i => / s i)) in *. set (Y := sum k (fun i => g i / s i)) in *.
  assert (D : s k * X + 1 <> 0) by nra. field. repeat split; try lra.
Qed.

Lemma V2_unimodal : V2_unimodal_statement.
Proof.
  intros n g h m k P D K Kn s F. assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  assert (St : F (S k) - F k = (g k - F k) / (s k * sum (S k) (fun i => / s i))).
  { apply ratio_step_identity; auto. intros. apply s_pos. lia. }
  set (d := s k * sum (S k) (fun i => / s i)) in *.
  assert (Dp : 0 < d).
  { apply Rmult_lt_0_compat; [apply s_pos; lia|]. apply inverse_sum_positive; [lia|]. intros.
    apply s_pos. lia. }
  assert (E : (F (S k) - F k) * d = g k - F k) by (rewrite St; field; lra).
  split; [exact St|]. split; [split; intros; nra|]. split; [split; intros; nra|].
  intros Kn2 L.
  assert (St2 : F (S (S k)) - F (S k) =
    (g (S k) - F (S k)) /
      (s (S k) * sum (S (S k)) (fun i => / s i))).
  { apply ratio_step_identity; auto. intros. apply s_pos. lia. }
  set (d2 := s (S k) * sum (S (S k)) (fun i => / s i)) in *.
  assert (Dp2 : 0 < d2).
  { apply Rmult_lt_0_compat; [apply s_pos; lia|]. apply inverse_sum_positive; [lia|]. intros.
    apply s_pos. lia. }
  assert (E2 : (F (S (S k)) - F (S k)) * d2
     = g (S k) - F (S k)) by (rewrite St2; field; lra).
  assert (G : g (S k) <= g k) by (apply D; lia).
  assert (d1 : 1 <= d).
  { unfold d. simpl. assert (A : 0 < sum k (fun i => / s i)).
    { apply inverse_sum_positive; auto. intros. apply s_pos. lia. }
    assert (B := s_pos k Kn). rewrite Rmult_plus_distr_l, Rinv_r by lra.
    assert (0 < s k * sum k (fun i => / s i)) by (apply Rmult_lt_0_compat; auto). lra. }
  assert (g k <= F (S k)) by nra. nra.
Qed.

Section Newton.
Variables (n : nat) (g s : nat -> R) (m lam : R).
Hypothesis (s_pos : all_positive n s) (m_positive : 0 < m) (lam_is_level : level n g s m lam).

Lemma phi_of_points_above x y : (forall i, (i < n)%nat -> (x < g i <-> y < g i)) ->
  phi n g s y = sum n (above g x (fun i => g i / s i)) - y * sum n (above g x (fun i => / s i)).
Proof.
  intros E. rewrite <- sum_scal, <- sum_minus. apply sum_ext. intros i Hi.
  unfold shaved, above. assert (P := s_pos i Hi). specialize (E i Hi). destruct (Rlt_dec x (g i)).
  - assert (y < g i) by tauto. rewrite pos_of_nonneg by lra. field. lra.
  - assert (~ y < g i) by tauto. rewrite pos_of_nonpos by lra. unfold Rdiv. lra.
Qed.

Lemma density_above_positive x : x <= lam -> 0 < sum n (above g x (fun i => / s i)).
Proof.
  intros Lx. destruct (gain_above_of_phi_positive n g s lam) as (i & Hi & G).
  { destruct lam_is_level as (E & _). lra. }
  apply sum_pos with (i := i); auto.
  - intros k Hk. unfold above. destruct (Rlt_dec x (g k)); [|lra].
    apply Rlt_le, Rinv_0_lt_compat; auto.
  - unfold above. destruct (Rlt_dec x (g i)); [|lra]. apply Rinv_0_lt_compat; auto.
Qed.

Lemma newton_equation x : x <= lam ->
  newton n g s m x * sum n (above g x (fun i => / s i))
  = sum n (above g x (fun i => g i / s i)) - m.
Proof. intros Lx. assert (D := density_above_positive x Lx). unfold newton. field. lra. Qed.

Lemma newton_between x : x <= lam -> x <= newton n g s m x <= lam.
Proof.
  intros Lx. assert (D := density_above_positive x Lx). assert (E := newton_equation x Lx).
  set (d := sum n (above g x (fun i => / s i))) in *.
  set (a := sum n (above g x (fun i => g i / s i))) in *.
  assert (P : phi n g s x = a - x * d) by (apply phi_of_points_above; tauto).
  destruct lam_is_level as (EL & _).
  assert (A : m <= phi n g s x) by (rewrite <- EL; apply phi_antitone; auto).
  assert (B : a - lam * d <= m).
  { rewrite <- EL. unfold a, d. rewrite <- sum_scal, <- sum_minus. apply sum_le. intros i Hi.
    assert (N := shaved_nonneg n g s s_pos lam i Hi). unfold above.
    destruct (Rlt_dec x (g i)); [|lra].
    assert (Q := s_pos i Hi). unfold shaved.
    replace (g i / s i - lam * / s i) with ((g i - lam) / s i) by (field; lra).
    apply div_le_compat; [apply le_pos|auto]. }
  split; nra.
Qed.

Lemma newton_fixed_point_is_level x : x <= lam -> newton n g s m x = x -> x = lam.
Proof.
  intros Lx F. assert (E := newton_equation x Lx). rewrite F in E.
  apply (level_unique n g s s_pos m); auto. apply root_is_level; auto.
  rewrite (phi_of_points_above x x) by tauto. lra.
Qed.

Lemma newton_exact_on_same_points x : x <= lam ->
  (forall i, (i < n)%nat -> (x < g i <-> newton n g s m x < g i)) -> newton n g s m x = lam.
Proof.
  intros Lx F. assert (E := newton_equation x Lx).
  apply (level_unique n g s s_pos m); auto. apply root_is_level; auto.
  rewrite (phi_of_points_above x _ F). lra.
Qed.

Definition count_above x := sum n (above g x (fun _ => 1)).

Lemma count_above_drops_or_same_points x y : x <= y -> count_above y + 1 <= count_above x \/
  forall i, (i < n)%nat -> (x < g i <-> y < g i).
Proof.
  intros Lxy.
  assert (D : (exists i, (i < n)%nat /\ x < g i <= y) \/
              forall i, (i < n)%nat -> (x < g i <-> y < g i)).
  { clear -Lxy. induction n.
    - right. intros; lia.
    - destruct IHn0 as [(i & Hi & A)|A]; [left; exists i; auto with arith|].
      destruct (Rlt_dec x (g n0)).
      + destruct (Rlt_dec y (g n0)).
        * right. intros i Hi. destruct (Nat.eq_dec i n0) as [->|]; [tauto|apply A; lia].
        * left. exists n0. split; auto. lra.
      + right. intros i Hi. destruct (Nat.eq_dec i n0) as [->|]; [lra|apply A; lia]. }
  destruct D as [(i & Hi & A)|A]; [left|right; exact A].
  unfold count_above. apply Rle_trans with (sum n (above g y (fun _ => 1)) + sum n (unit_vector i)).
  { rewrite sum_unit_vector by exact Hi. lra. }
  rewrite <- sum_plus. apply sum_le. intros k Hk.
  unfold above, unit_vector. destruct A as (A1 & A2). destruct (Nat.eq_dec k i) as [E|N].
  - rewrite E in *. destruct (Rlt_dec y (g i)), (Rlt_dec x (g i)); lra.
  - destruct (Rlt_dec y (g k)), (Rlt_dec x (g k)); lra.
Qed.

Lemma newton_at_level : newton n g s m lam = lam.
Proof. assert (A := newton_between lam (Rle_refl _)). lra. Qed.

Lemma newton_progress k x : x <= lam ->
  let y := Nat.iter k (newton n g s m) x in
  x <= y <= lam /\ (y = lam \/ count_above y + INR k <= INR n).
Proof.
  intros Lx. induction k.
  - simpl. split; [lra|]. right. unfold count_above.
    rewrite <- (Rmult_1_r (INR n)), <- (sum_const n 1), Rplus_0_r. apply sum_le. intros i Hi.
    unfold above. destruct (Rlt_dec x (g i)); lra.
  - simpl Nat.iter. rewrite S_INR. set (y := Nat.iter k (newton n g s m) x) in *.
    destruct IHk as (B & C). assert (A := newton_between y ltac:(lra)).
    cbv zeta. split; [lra|]. destruct C as [->|C]; [left; apply newton_at_level|].
    destruct (count_above_drops_or_same_points y (newton n g s m y)) as [D|D];
      [lra|right; lra|left].
    apply newton_exact_on_same_points; auto; lra.
Qed.

Lemma newton_terminates x : x <= lam -> Nat.iter n (newton n g s m) x = lam.
Proof.
  intros Lx. destruct (newton_progress n x Lx) as (B & [E|C]); auto. exfalso.
  set (y := Nat.iter n (newton n g s m) x) in *.
  destruct (gain_above_of_phi_positive n g s lam) as (i & Hi & G).
  { destruct lam_is_level as (E & _). lra. }
  assert (0 < count_above y); [|lra]. apply sum_pos with (i := i); auto.
  - intros k Hk. unfold above. destruct (Rlt_dec y (g k)); lra.
  - unfold above. destruct (Rlt_dec y (g i)); lra.
Qed.
End Newton.

Lemma V2_newton : V2_newton_statement.
Proof.
  intros n g h m lam x P M s L Lx.
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  split; [apply newton_between; auto|]. split; [apply newton_fixed_point_is_level; auto|].
  apply newton_terminates; auto.
Qed.
