(* The capped game: certificate and existence for V3, and for caps on mistakes (A2). *)
Require Import Reals Lra Lia Bool.
From Radsim Require Import Statements Sums Levels Prices.
Open Scope R_scope.

(* ---------------------------------------------------------------- shares and their limits *)

Lemma share_nonneg t s i : 0 <= t -> 0 < s i -> 0 <= share t s i.
Proof. intros. apply Rmin_glb; [lra|]. apply div_nonneg; auto. Qed.

Lemma share_le_one t s i : share t s i <= 1. Proof. apply Rmin_l. Qed.

Lemma share_times_stake_le t s i : 0 < s i -> share t s i * s i <= t.
Proof.
  intros P. apply Rle_trans with (t / s i * s i).
  - apply Rmult_le_compat_r; [lra|apply Rmin_r].
  - right. field. lra.
Qed.

Lemma share_of_light_stake t s i : 0 < s i -> s i <= t -> share t s i = 1.
Proof.
  intros P L. unfold share. apply Rmin_left. apply Rmult_le_reg_r with (s i); auto.
  replace (t / s i * s i) with t by (field; lra). lra.
Qed.

Lemma share_of_heavy_stake t s i : 0 < s i -> t <= s i -> share t s i = t / s i.
Proof. intros P L. unfold share. apply Rmin_right. apply div_le_iff_le_mult; lra. Qed.

Lemma share_monotone t t' s i : 0 < s i -> t <= t' -> share t s i <= share t' s i.
Proof.
  intros P L. unfold share. apply Rle_min_compat_l. apply div_le_compat; auto.
Qed.

Lemma share_lipschitz t t' s i : 0 < s i ->
  Rabs (share t s i - share t' s i) <= / s i * Rabs (t - t').
Proof.
  intros P. assert (Inv : 0 < / s i) by (apply Rinv_0_lt_compat; auto).
  assert (E : / s i * Rabs (t - t') = Rabs (t / s i - t' / s i)).
  { replace (t / s i - t' / s i) with (/ s i * (t - t')) by (unfold Rdiv; ring).
    rewrite Rabs_mult, (Rabs_pos_eq (/ s i)) by lra. reflexivity. }
  rewrite E. unfold share, Rmin.
  destruct (Rle_dec 1 (t / s i)), (Rle_dec 1 (t' / s i));
  unfold Rabs; repeat destruct (Rcase_abs _); lra.
Qed.

Section Caps.
Variables (n : nat) (g s r : nat -> R) (m b : R).
Hypothesis s_pos : all_positive n s.
Hypothesis r_nonneg : nonneg n r.

Let demand := limit g s r.
Definition protected_gain i := g i - s i * r i.
(* What a point is queried at these prices, without or with what lies exactly at the level. *)
Definition least_share lam t i : R :=
  if Rlt_dec lam (g i) then if Rlt_dec lam (protected_gain i) then 1 else share t s i else 0.
Definition most_share lam t i : R :=
  if Rle_dec lam (g i) then if Rle_dec lam (protected_gain i) then 1 else share t s i else 0.
Definition least_spent lam t : R := sum n (least_share lam t).
Definition most_spent lam t : R := sum n (most_share lam t).

Lemma limit_nonneg lam : nonneg n (demand lam).
Proof.
  intros i Hi. apply Rmin_glb; [apply r_nonneg; auto|]. apply shaved_nonneg with n; auto.
Qed.

Lemma limit_antitone x y i : (i < n)%nat -> x <= y -> demand y i <= demand x i.
Proof. intros Hi L. apply Rle_min_compat_l. apply shaved_antitone with n; auto. Qed.

Lemma limit_sum_lipschitz (mask : nat -> bool) x y :
  sum n (fun i => if mask i then demand x i else 0)
  <= sum n (fun i => if mask i then demand y i else 0) + sum n (fun i => / s i) * Rabs (x - y).
Proof.
  rewrite (Rmult_comm (sum n _)), <- sum_scal, <- sum_plus. apply sum_le. intros i Hi.
  assert (L := shaved_lipschitz n g s s_pos i x y Hi).
  assert (Inv : 0 < / s i) by (apply Rinv_0_lt_compat; auto).
  assert (0 <= Rabs (x - y)) by apply Rabs_pos.
  assert (0 <= / s i * Rabs (x - y)) by (apply Rmult_le_pos; lra).
  destruct (mask i); [|lra]. unfold demand, limit, Rmin.
  destruct (Rle_dec (r i) (shaved g s x i)), (Rle_dec (r i) (shaved g s y i));
  unfold Rabs in L at 1; destruct (Rcase_abs (shaved g s x i - shaved g s y i)); lra.
Qed.

Lemma least_spent_continuous lam : continuity (least_spent lam).
Proof.
  apply lipschitz_continuous with (K := sum n (fun i => / s i)). intros x y.
  apply (sum_lipschitz n (fun i t => least_share lam t i)).
  intros i x' y' Hi. assert (L := share_lipschitz x' y' s i (s_pos i Hi)).
  assert (0 <= / s i * Rabs (x' - y')) by (eapply Rle_trans; [apply Rabs_pos|exact L]).
  unfold least_share.
  destruct (Rlt_dec lam (g i)); [destruct (Rlt_dec lam (protected_gain i))|]; auto;
  rewrite Rminus_diag_eq by reflexivity; rewrite Rabs_R0; auto.
Qed.

Lemma least_spent_monotone lam t t' : 0 <= t <= t' -> least_spent lam t <= least_spent lam t'.
Proof.
  intros T. apply sum_le. intros i Hi. unfold least_share, most_share.
  assert (L := share_monotone t t' s i (s_pos i Hi) (proj2 T)).
  destruct (Rlt_dec lam (g i)); [destruct (Rlt_dec lam (protected_gain i))|]; lra.
Qed.

Lemma most_spent_monotone lam t t' : 0 <= t <= t' -> most_spent lam t <= most_spent lam t'.
Proof.
  intros T. apply sum_le. intros i Hi. unfold least_share, most_share.
  assert (L := share_monotone t t' s i (s_pos i Hi) (proj2 T)).
  destruct (Rle_dec lam (g i)); [destruct (Rle_dec lam (protected_gain i))|]; lra.
Qed.

Lemma least_spent_antitone x y t : 0 <= t -> x <= y -> least_spent y t <= least_spent x t.
Proof.
  intros T L. apply sum_le. intros i Hi. unfold least_share, most_share.
  assert (A := share_nonneg t s i T (s_pos i Hi)). assert (B := share_le_one t s i).
  destruct (Rlt_dec x (g i)), (Rlt_dec y (g i)), (Rlt_dec x (protected_gain i)),
    (Rlt_dec y (protected_gain i)); lra.
Qed.

Lemma least_le_most_spent lam t : 0 <= t -> least_spent lam t <= most_spent lam t.
Proof.
  intros T. apply sum_le. intros i Hi. unfold least_share, most_share.
  assert (A := share_nonneg t s i T (s_pos i Hi)). assert (B := share_le_one t s i).
  destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)),
    (Rlt_dec lam (protected_gain i)), (Rle_dec lam (protected_gain i)); lra.
Qed.

Lemma least_spent_right_continuous lam : exists eps, 0 < eps /\
  forall x t, lam <= x < lam + eps -> 0 <= t -> least_spent lam t <= least_spent x t.
Proof.
  destruct (point_gap n g lam) as (e1 & E1 & G1).
  destruct (point_gap n protected_gain lam) as (e2 & E2 & G2).
  assert (M1 := Rmin_l e1 e2). assert (M2 := Rmin_r e1 e2).
  exists (Rmin e1 e2). split; [apply Rmin_glb_lt; auto|]. intros x t X T.
  apply sum_le. intros i Hi. unfold least_share, most_share. destruct (G1 i Hi) as (A1 & _).
  destruct (G2 i Hi) as (A2 & _).
  assert (A := share_nonneg t s i T (s_pos i Hi)). assert (B := share_le_one t s i).
  destruct (Rlt_dec lam (g i)) as [C|C], (Rlt_dec x (g i)),
    (Rlt_dec lam (protected_gain i)) as [D|D], (Rlt_dec x (protected_gain i)); try lra;
  try (specialize (A1 C)); try (specialize (A2 D)); lra.
Qed.

Lemma least_spent_left_limit lam : exists eps, 0 < eps /\
  forall x t, lam - eps < x < lam -> 0 <= t -> least_spent x t <= most_spent lam t.
Proof.
  destruct (point_gap n g lam) as (e1 & E1 & G1).
  destruct (point_gap n protected_gain lam) as (e2 & E2 & G2).
  assert (M1 := Rmin_l e1 e2). assert (M2 := Rmin_r e1 e2).
  exists (Rmin e1 e2). split; [apply Rmin_glb_lt; auto|]. intros x t X T.
  apply sum_le. intros i Hi. unfold least_share, most_share. destruct (G1 i Hi) as (_ & A1).
  destruct (G2 i Hi) as (_ & A2).
  assert (A := share_nonneg t s i T (s_pos i Hi)). assert (B := share_le_one t s i).
  assert (C1 : x < g i -> lam <= g i).
  { intros. destruct (Rle_dec lam (g i)); auto. assert (g i <= lam - e1) by (apply A1; lra). lra. }
  assert (C2 : x < protected_gain i -> lam <= protected_gain i).
  { intros. destruct (Rle_dec lam (protected_gain i)); auto.
    assert (protected_gain i <= lam - e2) by (apply A2; lra). lra. }
  destruct (Rlt_dec x (g i)) as [C|C], (Rle_dec lam (g i)),
    (Rlt_dec x (protected_gain i)) as [D|D], (Rle_dec lam (protected_gain i)); try lra; tauto.
Qed.

Lemma capped_prices_exist : 0 <= m -> 0 <= b -> exists lam t, 0 <= lam /\ 0 <= t
  /\ sum n (heavier s t (demand lam)) <= m
  /\ (t = 0 \/ m <= sum n (as_heavy s t (demand lam)))
  /\ least_spent lam t <= b /\ (lam = 0 \/ b <= most_spent lam t).
Proof.
  intros M B.
  assert (T : exists top, 0 <= top /\ forall i, (i < n)%nat -> g i <= top).
  { destruct n as [|k]; [exists 0; split; [lra|intros; lia]|].
    destruct (greatest_exists (S k) g) as (x & X & _); [lia|]. exists (Rmax 0 x).
    split; [apply Rmax_l|]. intros i Hi. specialize (X i Hi). assert (Y := Rmax_r 0 x). lra. }
  destruct T as (top & T0 & T).
  apply clearing_prices_exist with (K := sum n (fun i => / s i)) (top := top); auto.
  - apply sum_nonneg. intros i Hi. apply Rlt_le, Rinv_0_lt_compat. auto.
  - apply limit_nonneg.
  - apply limit_sum_lipschitz.
  - apply limit_antitone.
  - apply least_spent_antitone.
  - apply least_spent_continuous.
  - apply least_spent_monotone.
  - apply most_spent_monotone.
  - apply least_le_most_spent.
  - apply least_spent_right_continuous.
  - apply least_spent_left_limit.
  - split.
    + rewrite sum_zero; auto. intros i Hi. unfold heavier. destruct (Rlt_dec 0 (s i)); auto.
      specialize (T i Hi). specialize (r_nonneg i Hi). unfold demand, limit, shaved.
      rewrite pos_of_nonpos by lra.
      unfold Rdiv. rewrite Rmult_0_l. apply Rmin_right. auto.
    + apply Rle_trans with 0; auto. right. apply sum_zero. intros i Hi. specialize (T i Hi).
      unfold least_share.
      destruct (Rlt_dec top (g i)); auto. lra.
Qed.

(* ------------------------------------------------------------ the certificate, with caps *)

Definition design_at_prices lam t (q : nat -> R) := forall i, (i < n)%nat ->
  least_share lam t i <= q i <= most_share lam t i.
Definition mistakes_at_prices lam t (l : nat -> R) := forall i, (i < n)%nat ->
  (t < s i -> l i = limit g s r lam i) /\ (s i = t -> 0 <= l i <= limit g s r lam i)
  /\ (s i < t -> l i = 0).

Lemma design_at_prices_box lam t q : 0 <= t -> design_at_prices lam t q -> unit_box n q.
Proof.
  intros T F i Hi. specialize (F i Hi). unfold least_share, most_share in F.
  assert (A := share_nonneg t s i T (s_pos i Hi)). assert (B := share_le_one t s i).
  destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)), (Rlt_dec lam (protected_gain i)),
    (Rle_dec lam (protected_gain i)); lra.
Qed.

Lemma mistakes_at_prices_within_limit lam t l : mistakes_at_prices lam t l ->
  forall i, (i < n)%nat -> 0 <= l i <= limit g s r lam i.
Proof.
  intros F i Hi. destruct (F i Hi) as (A & B & C). assert (N := limit_nonneg lam i Hi).
  unfold demand in N. destruct (Rtotal_order t (s i)) as [T|[T|T]].
  - rewrite A by auto. lra.
  - apply B. auto.
  - rewrite C by auto. lra.
Qed.

(* What the limit is depends on whether the gain that it protects exceeds the level. *)
Lemma limit_of_protected lam i : (i < n)%nat -> lam <= protected_gain i -> limit g s r lam i = r i.
Proof.
  intros Hi L. assert (P := s_pos i Hi). assert (Q := r_nonneg i Hi).
  unfold protected_gain in L. apply Rmin_left. unfold shaved.
  destruct (pos_cases (g i - lam)) as [(U & ->)|(U & ->)].
  - apply Rmult_le_reg_r with (s i); auto.
    replace ((g i - lam) / s i * s i) with (g i - lam) by (field; lra). lra.
  - assert (s i * r i = 0) by nra. assert (r i = 0) by nra. unfold Rdiv. lra.
Qed.

Lemma limit_of_unprotected lam i : (i < n)%nat -> protected_gain i <= lam ->
  limit g s r lam i = shaved g s lam i.
Proof.
  intros Hi L. assert (P := s_pos i Hi). assert (Q := r_nonneg i Hi).
  unfold protected_gain in L. apply Rmin_right, div_le_iff_le_mult; auto. apply Rmax_lub; nra.
Qed.

(* Point by point, what the learner keeps equals what the teacher leaves. *)
Section Point.
Variables (lam t : R) (q l : nat -> R) (i : nat).
Hypothesis lam_nonneg : 0 <= lam.
Hypothesis t_nonneg : 0 <= t.
Hypothesis q_at_prices : design_at_prices lam t q.
Hypothesis l_at_prices : mistakes_at_prices lam t l.
Hypothesis Hi : (i < n)%nat.

Definition primal_is_dual : Prop :=
  q i * g i - t * l i - pos (q i * s i - t) * r i = lam * q i + pos (g i - s i * l i - lam).

Let s_pos_i : 0 < s i := s_pos i Hi.
Let r_nonneg_i : 0 <= r i := r_nonneg i Hi.

Lemma unshaved_at_or_below_level : g i <= lam -> l i = 0.
Proof.
  intros G. assert (Bl := mistakes_at_prices_within_limit lam t l l_at_prices i Hi).
  rewrite limit_of_unprotected in Bl; auto; [|unfold protected_gain; nra].
  unfold shaved in Bl. rewrite pos_of_nonpos in Bl by lra. unfold Rdiv in Bl. lra.
Qed.

Lemma primal_is_dual_below_level : g i < lam -> primal_is_dual.
Proof.
  intros G. red. assert (Fq := q_at_prices i Hi). unfold least_share, most_share in Fq.
  rewrite unshaved_at_or_below_level by lra.
  destruct (Rlt_dec lam (g i)); [lra|]. destruct (Rle_dec lam (g i)); [lra|].
  replace (q i) with 0 by lra. rewrite !pos_of_nonpos by lra. ring.
Qed.

Lemma primal_is_dual_at_level : g i = lam -> primal_is_dual.
Proof.
  intros G. red. assert (Fq := q_at_prices i Hi). unfold least_share, most_share in Fq.
  rewrite unshaved_at_or_below_level by lra.
  assert (Bite := share_times_stake_le t s i s_pos_i). unfold protected_gain in Fq.
  rewrite (pos_of_nonpos (g i - s i * 0 - lam)) by lra.
  destruct (Rle_dec lam (g i - s i * r i)) as [E|E].
  - assert (s i * r i = 0) by nra. assert (r i = 0) as -> by nra. rewrite <- G. ring.
  - destruct (Rlt_dec lam (g i)); [lra|]. destruct (Rle_dec lam (g i)); [|lra].
    rewrite pos_of_nonpos by nra. rewrite <- G. ring.
Qed.

(* The cap on mistakes leaves more than the level: the point is taken surely. *)
Lemma primal_is_dual_protected_above_level : lam < protected_gain i -> primal_is_dual.
Proof.
  intros F. red. assert (Fq := q_at_prices i Hi). unfold least_share, most_share in Fq.
  destruct (l_at_prices i Hi) as (A & B & C).
  rewrite limit_of_protected in A, B by (auto; lra).
  unfold protected_gain in *. assert (0 <= s i * r i) by (apply Rmult_le_pos; lra).
  destruct (Rlt_dec lam (g i)); [|lra]. destruct (Rle_dec lam (g i)); [|lra].
  destruct (Rlt_dec lam (g i - s i * r i)); [|lra].
  destruct (Rle_dec lam (g i - s i * r i)); [|lra].
  replace (q i) with 1 by lra. destruct (Rtotal_order t (s i)) as [D|[D|D]].
  - rewrite (A D), (pos_of_nonneg (1 * s i - t)) by lra. rewrite pos_of_nonneg by lra. ring.
  - specialize (B (eq_sym D)). rewrite (pos_of_nonpos (1 * s i - t)) by lra. rewrite D.
    rewrite pos_of_nonneg by nra. ring.
  - rewrite (C D), (pos_of_nonpos (1 * s i - t)) by lra. rewrite pos_of_nonneg by lra. ring.
Qed.

Lemma primal_is_dual_protected_at_level : lam < g i -> protected_gain i = lam -> primal_is_dual.
Proof.
  intros G F. red. assert (Fq := q_at_prices i Hi). unfold least_share, most_share in Fq.
  destruct (l_at_prices i Hi) as (A & B & C).
  rewrite limit_of_protected in A, B by (auto; lra). rewrite F in Fq. unfold protected_gain in F.
  destruct (Rlt_dec lam (g i)); [|lra]. destruct (Rle_dec lam (g i)); [|lra].
  destruct (Rlt_dec lam lam); [lra|]. destruct (Rle_dec lam lam); [|lra].
  destruct (Rle_dec (s i) t) as [D|D].
  - rewrite (share_of_light_stake t s i s_pos_i D) in Fq. replace (q i) with 1 by lra.
    rewrite (pos_of_nonpos (1 * s i - t)) by lra. destruct D as [D|D].
    + rewrite (C D). rewrite pos_of_nonneg by lra. ring.
    + specialize (B D). rewrite pos_of_nonneg by nra. rewrite <- D. ring.
  - rewrite A by lra. rewrite (share_of_heavy_stake t s i) in Fq by lra.
    assert (t <= q i * s i).
    { replace t with (t / s i * s i) by (field; lra). apply Rmult_le_compat_r; lra. }
    rewrite (pos_of_nonneg (q i * s i - t)), (pos_of_nonpos (g i - s i * r i - lam)) by lra.
    rewrite <- F. ring.
Qed.

(* The cap does not bind: a heavy point is shaved down to the level. *)
Lemma primal_is_dual_shaved_to_level : lam < g i -> protected_gain i < lam -> primal_is_dual.
Proof.
  intros G F. red. assert (Fq := q_at_prices i Hi). unfold least_share, most_share in Fq.
  destruct (l_at_prices i Hi) as (A & B & C).
  assert (Bite := share_times_stake_le t s i s_pos_i).
  rewrite limit_of_unprotected in A, B by (auto; lra).
  destruct (Rlt_dec lam (g i)); [|lra]. destruct (Rle_dec lam (g i)); [|lra].
  destruct (Rlt_dec lam (protected_gain i)); [lra|].
  destruct (Rle_dec lam (protected_gain i)); [lra|].
  replace (q i) with (share t s i) by lra.
  rewrite (pos_of_nonpos (share t s i * s i - t)) by lra.
  assert (Shaved : s i * shaved g s lam i = g i - lam).
  { unfold shaved. rewrite pos_of_nonneg by lra. field. lra. }
  destruct (Rle_dec (s i) t) as [D|D].
  - rewrite (share_of_light_stake t s i s_pos_i D). destruct D as [D|D].
    + rewrite (C D). rewrite pos_of_nonneg by lra. ring.
    + specialize (B D). rewrite pos_of_nonneg by nra. rewrite <- D. ring.
  - rewrite (A ltac:(lra)), (share_of_heavy_stake t s i), Shaved by lra.
    rewrite (pos_of_nonpos (g i - (g i - lam) - lam)) by lra.
    unfold shaved. rewrite pos_of_nonneg by lra. field. lra.
Qed.

Lemma point_primal_is_dual : primal_is_dual.
Proof.
  destruct (Rtotal_order (g i) lam) as [G|[G|G]].
  - apply primal_is_dual_below_level. exact G.
  - apply primal_is_dual_at_level. exact G.
  - destruct (Rtotal_order (protected_gain i) lam) as [F|[F|F]].
    + apply primal_is_dual_shaved_to_level; auto.
    + apply primal_is_dual_protected_at_level; auto.
    + apply primal_is_dual_protected_above_level. exact F.
Qed.
End Point.

(* Bounds that hold for any prices. *)
Lemma payoff_le_by_level lam q l : 0 <= lam -> capped n b q ->
  payoff n g s q l <= b * lam + sum n (fun i => pos (g i - s i * l i - lam)).
Proof.
  intros L (Q1 & Q2).
  apply Rle_trans with (lam * sum n q + sum n (fun i => pos (g i - s i * l i - lam))); [|nra].
  rewrite <- sum_scal, <- sum_plus. apply sum_le. intros i Hi. specialize (Q1 i Hi).
  assert (A := le_pos (g i - s i * l i - lam)). assert (B := pos_nonneg (g i - s i * l i - lam)).
  nra.
Qed.

Lemma payoff_ge_by_threshold t q l : 0 <= t -> nonneg n q -> limited n r m l ->
  sum n (fun i => q i * g i) - t * m - sum n (fun i => pos (q i * s i - t) * r i)
  <= payoff n g s q l.
Proof.
  intros T Q (L1 & L2).
  apply Rle_trans with (sum n (fun i => q i * g i) - t * sum n l
                        - sum n (fun i => pos (q i * s i - t) * r i)); [nra|].
  rewrite <- sum_scal, <- !sum_minus. apply sum_le. intros i Hi. specialize (L1 i Hi).
  assert (A := le_pos (q i * s i - t)). assert (B := pos_nonneg (q i * s i - t)). nra.
Qed.

Lemma prices_certify_saddle lam t q l : 0 <= lam -> 0 <= t ->
  design_at_prices lam t q -> mistakes_at_prices lam t l ->
  (sum n q = b \/ lam = 0 /\ sum n q <= b) -> (sum n l = m \/ t = 0 /\ sum n l <= m) ->
  sum n (fun i => q i * g i) - t * m - sum n (fun i => pos (q i * s i - t) * r i)
    = b * lam + sum n (fun i => pos (g i - s i * l i - lam))
  /\ saddle (capped n b) (limited n r m) (payoff n g s) q l
       (b * lam + sum n (fun i => pos (g i - s i * l i - lam))).
Proof.
  intros L T Fq Fl Cq Cl.
  assert (E : sum n (fun i => q i * g i) - t * m - sum n (fun i => pos (q i * s i - t) * r i)
    = b * lam + sum n (fun i => pos (g i - s i * l i - lam))).
  { assert (X : sum n (fun i => q i * g i - t * l i - pos (q i * s i - t) * r i)
      = sum n (fun i => lam * q i + pos (g i - s i * l i - lam))).
    { apply sum_ext. intros. apply point_primal_is_dual; auto. }
    rewrite !sum_minus, sum_plus, !sum_scal in X.
    assert (t * sum n l = t * m) by (destruct Cl as [->|(-> & _)]; ring).
    assert (lam * sum n q = lam * b) by (destruct Cq as [->|(-> & _)]; ring). lra. }
  split; [exact E|]. split; [|split; [|split]].
  - split; [eapply design_at_prices_box; eauto|]. destruct Cq as [?|(_ & ?)]; lra.
  - split; [|destruct Cl as [?|(_ & ?)]; lra]. intros i Hi.
    assert (B := mistakes_at_prices_within_limit lam t l Fl i Hi).
    assert (D := Rmin_l (r i) (shaved g s lam i)).
    unfold limit in B. lra.
  - intros l' Hl'. rewrite <- E. apply payoff_ge_by_threshold; auto.
    intros i Hi. apply (design_at_prices_box lam t q T Fq i Hi).
  - intros q' Hq'. apply payoff_le_by_level; auto.
Qed.

(* Between two bounds every total is met by one mixture. *)
Lemma mixture_attains_total (lo hi : nat -> R) x : sum n lo <= x <= sum n hi ->
  exists t, 0 <= t <= 1 /\ sum n (fun i => lo i + t * (hi i - lo i)) = x.
Proof.
  intros B. set (d := sum n hi - sum n lo).
  assert (E : forall t, sum n (fun i => lo i + t * (hi i - lo i)) = sum n lo + t * d).
  { intros t. unfold d. rewrite sum_plus, sum_scal, sum_minus. ring. }
  destruct (Req_dec d 0) as [Z|Z].
  - exists 0. split; [lra|]. rewrite E. unfold d in *. lra.
  - exists ((x - sum n lo) / d). assert (0 < d) by (unfold d in *; lra). split.
    + split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; auto. unfold d. lra.
    + rewrite E. field. lra.
Qed.

Lemma mistakes_at_prices_exist lam t :
  sum n (heavier s t (demand lam)) <= m ->
  (t = 0 \/ m <= sum n (as_heavy s t (demand lam))) ->
  exists l, mistakes_at_prices lam t l /\ (sum n l = m \/ t = 0 /\ sum n l <= m).
Proof.
  intros A B.
  assert (F : forall u, 0 <= u <= 1 -> mistakes_at_prices lam t
     (fun i => heavier s t (demand lam) i
               + u * (as_heavy s t (demand lam) i - heavier s t (demand lam) i))).
  { intros u U i Hi. assert (N := limit_nonneg lam i Hi). unfold heavier, as_heavy, demand in *.
    destruct (Rlt_dec t (s i)), (Rle_dec t (s i)); repeat split; intros; try lra; nra. }
  destruct (Rle_dec m (sum n (as_heavy s t (demand lam)))) as [D|D].
  - destruct (mixture_attains_total _ _ m (conj A D)) as (u & U & E). eexists.
    split; [apply (F u U)|]. left. exact E.
  - destruct B as [B|B]; [|contradiction].
    exists (fun i => heavier s t (demand lam) i
      + 0 * (as_heavy s t (demand lam) i - heavier s t (demand lam) i)).
    split; [apply F; lra|]. right. split; auto.
    rewrite (sum_ext n _ (heavier s t (demand lam))); auto. intros. ring.
Qed.

Lemma design_at_prices_exists lam t : 0 <= t ->
  least_spent lam t <= b -> (lam = 0 \/ b <= most_spent lam t) ->
  exists q, design_at_prices lam t q /\ (sum n q = b \/ lam = 0 /\ sum n q <= b).
Proof.
  intros T A B.
  set (lo := least_share lam t). set (hi := most_share lam t).
  assert (LH : forall i, (i < n)%nat -> lo i <= hi i).
  { intros i Hi. unfold lo, hi, least_share, most_share.
    assert (N := share_nonneg t s i T (s_pos i Hi)).
    assert (N1 := share_le_one t s i).
    destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)), (Rlt_dec lam (protected_gain i)),
      (Rle_dec lam (protected_gain i)); lra. }
  assert (F : forall u, 0 <= u <= 1 -> design_at_prices lam t (fun i => lo i + u * (hi i - lo i))).
  { intros u U i Hi. specialize (LH i Hi). fold (lo i). fold (hi i). nra. }
  destruct (Rle_dec b (most_spent lam t)) as [D|D].
  - destruct (mixture_attains_total lo hi b (conj A D)) as (u & U & E). eexists.
    split; [apply (F u U)|]. left. exact E.
  - destruct B as [B|B]; [|contradiction].
    exists (fun i => lo i + 0 * (hi i - lo i)). split; [apply F; lra|]. right. split; auto.
    rewrite (sum_ext n _ lo); auto. intros. ring.
Qed.
End Caps.

Lemma A2_capped : A2_capped_statement.
Proof.
  intros n g s r m b M B s_pos Rp.
  destruct (capped_prices_exist n g s r m b s_pos Rp M B) as (lam & t & L & T & A1 & A2 & B1 & B2).
  destruct (mistakes_at_prices_exist n g s r m s_pos Rp lam t A1 A2) as (l & Fl & Cl).
  destruct (design_at_prices_exists n g s r b s_pos lam t T B1 B2) as (q & Fq & Cq).
  exists lam, t, q, l. split; auto. split; auto. split; [exact Fl|]. split; [tauto|].
  apply (prices_certify_saddle n g s r m b s_pos Rp lam t q l L T Fq Fl Cq Cl).
Qed.

(* ------------------------------------------------------- V3: caps that no price can reach *)

Section V3.
Variables (n : nat) (g h : nat -> R).
Hypothesis in_pool : pool n g h.
Let s := stake g h.
Let s_pos : all_positive n s := pool_stakes_positive n g h in_pool.
Let loose (i : nat) : R := (g i + 1) / s i.

Lemma loose_nonneg : nonneg n loose.
Proof. intros i Hi. apply div_nonneg; auto. assert (Pi := in_pool i Hi). lra. Qed.

Lemma loose_protects_nothing i : (i < n)%nat -> protected_gain g s loose i = -1.
Proof. intros Hi. unfold protected_gain, loose. assert (Si := s_pos i Hi). field. lra. Qed.

Lemma loose_limit_is_shaved lam i : 0 <= lam -> (i < n)%nat ->
  limit g s loose lam i = shaved g s lam i.
Proof.
  intros L Hi. apply Rmin_right. unfold shaved, loose. apply div_le_compat; auto.
  assert (Pi := in_pool i Hi).
  apply Rmax_lub; lra.
Qed.

Lemma least_spent_is_sum_above lam t : 0 <= lam ->
  least_spent n g s loose lam t = sum n (above g lam (share t s)).
Proof.
  intros L. apply sum_ext. intros i Hi. unfold least_share, above.
  rewrite (loose_protects_nothing i Hi).
  destruct (Rlt_dec lam (-1)); [lra|reflexivity].
Qed.

Lemma most_spent_is_sum_supported lam t : 0 <= lam ->
  most_spent n g s loose lam t = sum n (supported g lam (share t s)).
Proof.
  intros L. apply sum_ext. intros i Hi. unfold most_share, supported.
  rewrite (loose_protects_nothing i Hi).
  destruct (Rle_dec lam (-1)); [lra|reflexivity].
Qed.

Lemma sum_heavier_limit_is_shaved lam t : 0 <= lam ->
  sum n (heavier s t (limit g s loose lam)) = sum n (heavier s t (shaved g s lam)).
Proof.
  intros L. apply sum_ext. intros i Hi. unfold heavier. rewrite loose_limit_is_shaved by auto.
  reflexivity.
Qed.

Lemma sum_as_heavy_limit_is_shaved lam t : 0 <= lam ->
  sum n (as_heavy s t (limit g s loose lam)) = sum n (as_heavy s t (shaved g s lam)).
Proof.
  intros L. apply sum_ext. intros i Hi. unfold as_heavy. rewrite loose_limit_is_shaved by auto.
  reflexivity.
Qed.

Lemma priced_design_iff_at_prices lam t q : 0 <= lam -> 0 <= t ->
  (priced_design n g s lam t q <-> design_at_prices n g s loose lam t q).
Proof.
  intros L T. split; intros F i Hi; specialize (F i Hi); unfold least_share, most_share in *;
    rewrite ?(loose_protects_nothing i Hi) in *.
  - destruct F as (A & B & C). assert (N := share_nonneg t s i T (s_pos i Hi)).
    destruct (Rlt_dec lam (-1)); [lra|]. destruct (Rle_dec lam (-1)); [lra|].
    destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)); lra.
  - destruct (Rlt_dec lam (-1)); [lra|]. destruct (Rle_dec lam (-1)); [lra|].
    destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)); repeat split; intros; lra.
Qed.

Lemma priced_mistakes_iff_at_prices lam t l : 0 <= lam ->
  (priced_mistakes n g s lam t l <-> mistakes_at_prices n g s loose lam t l).
Proof.
  intros L. split; intros F i Hi; specialize (F i Hi);
  rewrite (loose_limit_is_shaved lam i L Hi) in *; exact F.
Qed.

(* The cap l <= 1 never binds. *)
Lemma priced_pair_is_saddle m b lam t q l : 0 <= lam -> 0 <= t ->
  priced_design n g s lam t q -> priced_mistakes n g s lam t l ->
  (sum n q = b \/ lam = 0 /\ sum n q <= b) -> (sum n l = m \/ t = 0 /\ sum n l <= m) ->
  let v := sum n (fun i => q i * g i) - t * m in
  v = b * lam + sum n (fun i => pos (g i - s i * l i - lam))
  /\ saddle (capped n b) (mistakes n m) (payoff n g s) q l v.
Proof.
  intros L T Fq Fl Cq Cl v.
  apply priced_design_iff_at_prices in Fq; auto. apply priced_mistakes_iff_at_prices in Fl; auto.
  destruct (prices_certify_saddle n g s loose m b s_pos loose_nonneg lam t q l L T Fq Fl Cq Cl)
    as (E & Sd).
  assert (Z : sum n (fun i => pos (q i * s i - t) * loose i) = 0).
  { apply sum_zero. intros i Hi. rewrite pos_of_nonpos; [ring|].
    specialize (Fq i Hi). unfold most_share in Fq. rewrite (loose_protects_nothing i Hi) in Fq.
    assert (B := share_times_stake_le t s i (s_pos i Hi)). assert (Si := s_pos i Hi).
    destruct (Rle_dec lam (-1)); [lra|].
    destruct (Rle_dec lam (g i)).
    - assert (q i * s i <= share t s i * s i) by (apply Rmult_le_compat_r; lra). lra.
    - assert (q i * s i <= 0 * s i) by (apply Rmult_le_compat_r; lra). lra. }
  rewrite Z, Rminus_0_r in E. fold v in E. split; [exact E|]. rewrite <- E in Sd.
  destruct Sd as (Hq & (L1 & L2) & A & Bd). split; [exact Hq|].
  assert (Box : forall i, (i < n)%nat -> limit g s loose lam i <= 1).
  { intros i Hi. rewrite loose_limit_is_shaved by auto. apply div_le_iff_le_mult; auto.
    assert (Pi := in_pool i Hi).
    unfold s, stake. apply Rmax_lub; lra. }
  split; [|split; [|exact Bd]].
  - split; auto. intros i Hi. assert (X := mistakes_at_prices_within_limit n g s loose s_pos
      loose_nonneg lam t l Fl i Hi).
    specialize (Box i Hi). lra.
  - intros l' (L1' & L2').
    (* against U(q, .) a mistake beyond 1 is not needed: q s <= t *)
    apply Rle_trans with (sum n (fun i => q i * g i) - t * sum n l').
    + unfold v. nra.
    + rewrite <- sum_scal, <- sum_minus. apply sum_le. intros i Hi. specialize (L1' i Hi).
      specialize (Fq i Hi). unfold most_share in Fq. rewrite (loose_protects_nothing i Hi) in Fq.
      assert (B := share_times_stake_le t s i (s_pos i Hi)). assert (Si := s_pos i Hi).
      assert (q i * s i <= t); [|nra].
      destruct (Rle_dec lam (-1)); [lra|].
      destruct (Rle_dec lam (g i)).
      * assert (q i * s i <= share t s i * s i) by (apply Rmult_le_compat_r; lra). lra.
      * assert (q i * s i <= 0 * s i) by (apply Rmult_le_compat_r; lra). lra.
Qed.

Lemma priced_pair_exists m b lam t : 0 <= lam -> 0 <= t ->
  sum n (heavier s t (shaved g s lam)) <= m ->
  (t = 0 \/ m <= sum n (as_heavy s t (shaved g s lam))) ->
  sum n (above g lam (share t s)) <= b ->
  (lam = 0 \/ b <= sum n (supported g lam (share t s))) ->
  exists q l, priced_design n g s lam t q /\ priced_mistakes n g s lam t l
   /\ (sum n q = b \/ lam = 0 /\ sum n q <= b) /\ (sum n l = m \/ t = 0 /\ sum n l <= m).
Proof.
  intros L T A1 A2 B1 B2.
  rewrite <- sum_heavier_limit_is_shaved in A1 by auto.
  rewrite <- sum_as_heavy_limit_is_shaved in A2 by auto.
  rewrite <- least_spent_is_sum_above in B1 by auto.
  rewrite <- most_spent_is_sum_supported in B2 by auto.
  destruct (mistakes_at_prices_exist n g s loose m s_pos loose_nonneg lam t A1 A2) as (l & Fl & Cl).
  destruct (design_at_prices_exists n g s loose b s_pos lam t T B1 B2) as (q & Fq & Cq).
  exists q, l. split; [apply priced_design_iff_at_prices; auto|].
  split; [apply priced_mistakes_iff_at_prices; auto|]. auto.
Qed.

Lemma bracket_prices_exist m b : 0 <= m -> 0 <= b -> exists lam t, 0 <= lam /\ 0 <= t
  /\ sum n (heavier s t (shaved g s lam)) <= m
  /\ (t = 0 \/ m <= sum n (as_heavy s t (shaved g s lam)))
  /\ sum n (above g lam (share t s)) <= b
  /\ (lam = 0 \/ b <= sum n (supported g lam (share t s))).
Proof.
  intros M B.
  destruct (capped_prices_exist n g s loose m b s_pos loose_nonneg M B)
    as (lam & t & L & T & A1 & A2 & B1 & B2).
  exists lam, t. rewrite sum_heavier_limit_is_shaved in A1 by auto.
  rewrite sum_as_heavy_limit_is_shaved in A2 by auto.
  rewrite least_spent_is_sum_above in B1 by auto. rewrite most_spent_is_sum_supported in B2 by auto.
  auto 10.
Qed.

Lemma sum_above_zero (f : nat -> R) : sum n (above g 0 f) = sum n f.
Proof.
  apply sum_ext. intros i Hi. unfold above. assert (Pi := in_pool i Hi).
  destruct (Rlt_dec 0 (g i)); [auto|lra].
Qed.

Lemma sum_supported_at_zero (f : nat -> R) : sum n (supported g 0 f) = sum n f.
Proof.
  apply sum_ext. intros i Hi. unfold supported. assert (Pi := in_pool i Hi).
  destruct (Rle_dec 0 (g i)); [auto|lra].
Qed.

Lemma sum_as_heavy_at_zero (f : nat -> R) : sum n (as_heavy s 0 f) = sum n f.
Proof.
  apply sum_ext. intros i Hi. unfold as_heavy. assert (Si := s_pos i Hi).
  destruct (Rle_dec 0 (s i)); [auto|lra].
Qed.
End V3.

Lemma V3_certificate : V3_certificate_statement.
Proof. intros n g h m b lam tau q l P L T s Fq Fl Cq Cl. apply priced_pair_is_saddle; auto. Qed.

Lemma V3_brackets : V3_brackets_statement.
Proof.
  intros n g h m b lam tau P L T s (A1 & A2) (B1 & B2).
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  destruct (priced_pair_exists n g h P m b lam tau L T) as (_ & l & _ & Fl & _ & Cl); auto.
  destruct (mixture_attains_total n _ _ b (conj B1 B2)) as (t & Ht & E).
  assert (Sl : exists l', priced_mistakes n g s lam tau l' /\ sum n l' = m).
  { destruct Cl as [Cl|(Z & Cl)]; [exists l; auto|]. exists l. split; auto.
    subst tau. assert (X : sum n (as_heavy s 0 (shaved g s lam)) = sum n l).
    { apply sum_ext. intros i Hi. unfold as_heavy. specialize (s_pos i Hi).
      destruct (Rle_dec 0 (s i)); [|lra]. symmetry. apply Fl; auto. }
    lra. }
  destruct Sl as (l' & Fl' & El). exists (fun i => above g lam (share tau s) i
     + t * (supported g lam (share tau s) i - above g lam (share tau s) i)), l', t.
  split; auto. split; [|split; [|auto]].
  - intros i Hi G. unfold above, supported. destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)); lra.
  - intros i Hi. assert (N := share_nonneg tau s i T (s_pos i Hi)). unfold above, supported.
    destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)); repeat split; intros; try lra; nra.
Qed.

Lemma V3_threshold : V3_threshold_statement.
Proof.
  intros n g h m P s (M1 & M2). assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  destruct (threshold_exists n s (shaved g s 0) m) as (t & T & A & B); auto.
  { intros i Hi. apply shaved_nonneg with n; auto. }
  exists t. split; auto. split; auto. destruct B as [->|B]; auto.
  unfold s. rewrite (sum_as_heavy_at_zero n g h P).
  fold (phi n g (stake g h) 0). rewrite (phi_at_zero n g h P). exact M2.
Qed.

Lemma V3_regime : V3_regime_statement.
Proof.
  intros n g h m lam tau P L T s M (_ & B).
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  assert (A : sum n (as_heavy s tau (shaved g s lam)) <= phi n g s lam).
  { apply sum_le. intros i Hi. unfold as_heavy. assert (N := shaved_nonneg n g s s_pos lam i Hi).
    destruct (Rle_dec tau (s i)); lra. }
  assert (C : phi n g s lam <= phi n g s 0) by (apply phi_antitone; auto).
  unfold s in *. rewrite (phi_at_zero n g h P) in C. lra.
Qed.

Lemma V3_existence : V3_existence_statement.
Proof.
  intros n g h m b tau0 P s (M1 & M2) T0 (Th1 & Th2) (B1 & B2).
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  destruct (bracket_prices_exist n g h P m b M1 ltac:(lra))
    as (lam & t & L & T & A1 & A2 & C1 & C2).
  fold s in A1, A2, C1, C2.
  destruct (Req_dec lam 0) as [Z|Z].
  - (* between two thresholds at level 0 *)
    subst lam. rewrite (sum_above_zero n g h P) in C1.
    assert (A3 : m <= sum n (as_heavy s t (shaved g s 0))).
    { destruct A2 as [Z|A2]; auto. subst t. unfold s. rewrite (sum_as_heavy_at_zero n g h P).
      fold (phi n g (stake g h) 0). rewrite (phi_at_zero n g h P). exact M2. }
    assert (Cont : continuity (fun x => sum n (share x s))).
    { apply lipschitz_continuous with (K := sum n (fun i => / s i)). intros x y.
      apply (sum_lipschitz n (fun i x => share x s i)). intros. apply share_lipschitz. auto. }
    assert (N : nonneg n (shaved g s 0)) by (intros i Hi; apply shaved_nonneg with n; auto).
    assert (U : exists u, 0 <= u /\ mistake_bracket n g s m 0 u /\ sum n (share u s) = b).
    { destruct (Rle_dec t tau0) as [Le|Lt].
      - destruct (intermediate_value _ t tau0 b Cont Le) as (u & (U1 & U2) & E); [lra|].
        exists u. split; [lra|]. split; auto. split.
        + eapply Rle_trans; [apply sum_heavier_antitone with (tau := t); auto|auto].
        + eapply Rle_trans; [exact Th2|apply sum_as_heavy_antitone; auto].
      - exists t. split; auto. split; [split; auto|]. apply Rle_antisym; auto.
        eapply Rle_trans; [exact B2|]. apply sum_le. intros i Hi. apply share_monotone; auto. lra. }
    destruct U as (u & U0 & Br & E). exists 0, u. split; [lra|]. split; auto. split; auto.
    unfold budget_bracket. rewrite (sum_above_zero n g h P), (sum_supported_at_zero n g h P). lra.
  - destruct C2 as [?|C2]; [contradiction|].
    exists lam, t. split; auto. split; auto. split; [|split; auto]. split; auto.
    destruct A2 as [Z2|A2]; auto. subst t. exfalso.
    assert (sum n (supported g lam (share 0 s)) = 0); [|lra].
    apply sum_zero. intros i Hi. unfold supported. destruct (Rle_dec lam (g i)); auto.
    assert (Q := s_pos i Hi). rewrite share_of_heavy_stake by lra. unfold Rdiv. ring.
Qed.

Lemma V3_beyond : V3_beyond_statement.
Proof.
  intros n g h m b tau0 P T s Br B0.
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  destruct Br as (A1 & A2).
  destruct (priced_pair_exists n g h P m b 0 tau0) as (_ & l & _ & Fl & _ & Cl); auto; try lra.
  { rewrite (sum_above_zero n g h P). exact B0. }
  exists l. apply (priced_pair_is_saddle n g h P m b 0 tau0); auto; try lra.
  intros i Hi. specialize (P i Hi). repeat split; intros; try lra.
Qed.

Lemma V3_value : V3_value_statement.
Proof.
  intros n g h m b P M B s F. assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  destruct (bracket_prices_exist n g h P m b M B) as (lam & t & L & T & A1 & A2 & C1 & C2).
  destruct (priced_pair_exists n g h P m b lam t L T A1 A2 C1 C2) as (q & l & Fq & Fl & Cq & Cl).
  destruct (priced_pair_is_saddle n g h P m b lam t q l L T Fq Fl Cq Cl) as (E & Sd).
  set (v := sum n (fun i => q i * g i) - t * m) in *. exists v.
  split; [exists q, l; exact Sd|]. destruct Sd as (Hq & Hl & A & Bd). split.
  - exists lam, l. split; auto.
  - intros lam' l' L' Hl'. apply Rle_trans with (payoff n g s q l'); [apply A; auto|].
    apply payoff_le_by_level; auto.
Qed.

Ltac decide_all :=
  repeat match goal with
  | H : context [Rlt_dec ?a ?b] |- _ => destruct (Rlt_dec a b); try lra
  | H : context [Rle_dec ?a ?b] |- _ => destruct (Rle_dec a b); try lra
  | |- context [Rlt_dec ?a ?b] => destruct (Rlt_dec a b); try lra
  | |- context [Rle_dec ?a ?b] => destruct (Rle_dec a b); try lra
  end.

Lemma V3_refuted : V3_refuted_statement.
Proof.
  red. cbv zeta. set (g := ten_three_two). set (s := stake g (fun _ => 0)).
  assert (P : pool 3 g (fun _ => 0)).
  { intros i Hi. split; [|lra]. unfold g, ten_three_two. destruct i as [|[|[|i]]]; lra. }
  assert (E0 : s 0%nat = 10) by (unfold s, stake, g; simpl; lra).
  assert (E1 : s 1%nat = 3) by (unfold s, stake, g; simpl; lra).
  assert (E2 : s 2%nat = 2) by (unfold s, stake, g; simpl; lra).
  assert (Br1 : mistake_bracket 3 g s 1 2 3).
  { unfold mistake_bracket, heavier, as_heavy, shaved. simpl. rewrite E0, E1, E2.
    rewrite !pos_of_nonneg by (unfold g; simpl; lra). unfold g; simpl. decide_all. }
  assert (Br2 : budget_bracket 3 g s 2 2 3).
  { unfold budget_bracket, above, supported. simpl.
    change (g 0%nat) with 10. change (g 1%nat) with 3. change (g 2%nat) with 2.
    rewrite (share_of_heavy_stake 3 s 0), (share_of_light_stake 3 s 1), (share_of_light_stake 3 s 2)
      by lra. rewrite E0.
    decide_all. }
  split; [|split; [exact Br1|split; [exact Br2|]]].
  - intros lam tau L T (B1 & B2).
    unfold above, supported in B1, B2. cbn [sum] in B1, B2.
    unfold heavier, as_heavy, shaved. cbn [sum]. rewrite E0, E1, E2.
    change (g 0%nat) with 10 in *. change (g 1%nat) with 3 in *. change (g 2%nat) with 2 in *.
    assert (S0 := share_le_one tau s 0). assert (S1 := share_le_one tau s 1).
    assert (S2 := share_le_one tau s 2).
    assert (H0 : tau <= 10 -> share tau s 0 = tau / 10)
      by (intros; rewrite share_of_heavy_stake, ?E0, ?E1, ?E2; lra).
    assert (H1 : tau <= 3 -> share tau s 1 = tau / 3)
      by (intros; rewrite share_of_heavy_stake, ?E0, ?E1, ?E2; lra).
    assert (H2 : tau <= 2 -> share tau s 2 = tau / 2)
      by (intros; rewrite share_of_heavy_stake, ?E0, ?E1, ?E2; lra).
    assert (J0 : 10 <= tau -> share tau s 0 = 1) by (intros; apply share_of_light_stake; lra).
    assert (J1 : 3 <= tau -> share tau s 1 = 1) by (intros; apply share_of_light_stake; lra).
    assert (J2 : 2 <= tau -> share tau s 2 = 1) by (intros; apply share_of_light_stake; lra).
    assert (X0 := pos_cases (10 - lam)). assert (X1 := pos_cases (3 - lam)).
    assert (X2 := pos_cases (2 - lam)).
    assert (Z0 := share_nonneg tau s 0 T ltac:(lra)).
    assert (Z1 := share_nonneg tau s 1 T ltac:(lra)).
    assert (Z2 := share_nonneg tau s 2 T ltac:(lra)).
    split; intros Eq; decide_all.
  - set (q := fun i : nat => match i with 0%nat => 3 / 10 | 1%nat => 1 | _ => 7 / 10 end).
    set (l := fun i : nat => match i with 0%nat => 4 / 5 | 1%nat => 1 / 5 | _ => 0 end).
    destruct (priced_pair_is_saddle 3 g (fun _ => 0) P 1 2 2 3 q l) as (_ & Sd); try lra.
    + intros i Hi. fold s. destruct i as [|[|[|i]]]; [| | |lia];
      [rewrite share_of_heavy_stake by lra; rewrite E0|rewrite share_of_light_stake by lra|
       rewrite share_of_light_stake by lra];
      unfold g, q; simpl; repeat split; intros; lra.
    + intros i Hi. fold s. unfold shaved. destruct i as [|[|[|i]]]; [| | |lia];
      [rewrite E0|rewrite E1|rewrite E2]; rewrite pos_of_nonneg by (unfold g; simpl; lra);
      unfold g, l; simpl; repeat split; intros; lra.
    + left. unfold q. simpl. lra.
    + left. unfold l. simpl. lra.
    + replace (22 / 5) with (sum 3 (fun i => q i * g i) - 3 * 1) by (unfold q, g; simpl; lra).
      exists q, l. exact Sd.
Qed.
