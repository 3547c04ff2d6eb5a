(* The water level: existence, uniqueness, the saddle point (V1) and the prefix form (V2).
   Proved for stakes s > 0 and gains of any sign; only the cap on mistakes needs more. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements Sums.
Open Scope R_scope.

Definition all_positive n (s : nat -> R) := forall i, (i < n)%nat -> 0 < s i.

Lemma pool_stakes_positive n g h : pool n g h -> all_positive n (stake g h).
Proof. intros P i Hi. unfold stake. specialize (P i Hi). lra. Qed.

Section Level.
Variables (n : nat) (g s : nat -> R).
Hypothesis s_pos : all_positive n s.

Lemma shaved_nonneg x i : (i < n)%nat -> 0 <= shaved g s x i.
Proof. intros Hi. apply div_nonneg; [apply pos_nonneg|auto]. Qed.

Lemma shaved_antitone x y i : (i < n)%nat -> x <= y -> shaved g s y i <= shaved g s x i.
Proof. intros Hi L. apply div_le_compat; [apply pos_monotone; lra|auto]. Qed.

Lemma phi_antitone x y : x <= y -> phi n g s y <= phi n g s x.
Proof. intros L. apply sum_le. intros. apply shaved_antitone; auto. Qed.

Lemma shaved_lipschitz i x y : (i < n)%nat ->
  Rabs (shaved g s x i - shaved g s y i) <= / s i * Rabs (x - y).
Proof.
  intros Hi. unfold shaved. specialize (s_pos i Hi).
  replace (pos (g i - x) / s i - pos (g i - y) / s i)
    with (/ s i * (pos (g i - x) - pos (g i - y))) by (field; lra).
  assert (P : 0 < / s i) by (apply Rinv_0_lt_compat; auto).
  rewrite Rabs_mult, (Rabs_pos_eq (/ s i)) by lra.
  apply Rmult_le_compat_l; [lra|].
  replace (x - y) with (- ((g i - x) - (g i - y))) by lra. rewrite Rabs_Ropp. apply pos_lipschitz.
Qed.

Lemma phi_continuous : continuity (phi n g s).
Proof.
  apply lipschitz_continuous with (K := sum n (fun i => / s i)). intros x y.
  apply (sum_lipschitz n (fun i x => shaved g s x i)). intros. apply shaved_lipschitz. auto.
Qed.

Lemma phi_convex x y t : 0 <= t <= 1 ->
  phi n g s (t * x + (1 - t) * y) <= t * phi n g s x + (1 - t) * phi n g s y.
Proof.
  intros T. unfold phi. rewrite <- !sum_scal, <- sum_plus. apply sum_le. intros i Hi.
  unfold shaved. specialize (s_pos i Hi).
  replace (t * (pos (g i - x) / s i) + (1 - t) * (pos (g i - y) / s i))
    with ((t * pos (g i - x) + (1 - t) * pos (g i - y)) / s i) by (field; lra).
  apply div_le_compat; [|auto].
  assert (0 <= t * pos (g i - x)) by (apply Rmult_le_pos; [lra|apply pos_nonneg]).
  assert (0 <= (1 - t) * pos (g i - y)) by (apply Rmult_le_pos; [lra|apply pos_nonneg]).
  assert (t * (g i - x) <= t * pos (g i - x)) by (apply Rmult_le_compat_l; [lra|apply le_pos]).
  assert ((1 - t) * (g i - y) <= (1 - t) * pos (g i - y))
    by (apply Rmult_le_compat_l; [lra|apply le_pos]).
  apply Rmax_lub; nra.
Qed.

Lemma phi_decreases_below_gain x y i : (i < n)%nat -> x < g i -> x < y -> phi n g s y < phi n g s x.
Proof.
  intros Hi L1 L2. apply sum_lt with (i := i); auto.
  - intros. apply shaved_antitone; auto; lra.
  - unfold shaved. apply div_lt_compat; [|auto].
    destruct (pos_cases (g i - x)), (pos_cases (g i - y)); lra.
Qed.

Lemma gain_above_of_phi_positive x : 0 < phi n g s x -> exists i, (i < n)%nat /\ x < g i.
Proof.
  intros P. destruct (positive_term_of_sum _ _ P) as (i & Hi & L). exists i. split; auto.
  destruct (Rlt_dec x (g i)); auto. exfalso. unfold shaved in L.
  rewrite pos_of_nonpos in L by lra. unfold Rdiv in L. lra.
Qed.

Lemma phi_strictly_decreasing x y : x < y -> 0 < phi n g s x -> phi n g s y < phi n g s x.
Proof.
  intros L P. destruct (gain_above_of_phi_positive x P) as (i & Hi & G).
  eapply phi_decreases_below_gain; eauto.
Qed.

Lemma level_unique m x y : level n g s m x -> level n g s m y -> x = y.
Proof.
  intros (E1 & i & Hi & Li) (E2 & j & Hj & Lj).
  destruct (Rtotal_order x y) as [L|[E|L]]; auto; exfalso.
  - assert (phi n g s y < phi n g s x) by (eapply phi_decreases_below_gain with (i := j); eauto;
      lra). lra.
  - assert (phi n g s x < phi n g s y) by (eapply phi_decreases_below_gain with (i := i); eauto;
      lra). lra.
Qed.

Lemma root_is_level m x : 0 < m -> phi n g s x = m -> level n g s m x.
Proof.
  intros P E. split; auto. destruct (gain_above_of_phi_positive x) as (i & Hi & L); [lra|].
  exists i. split; auto; lra.
Qed.

Lemma phi_of_greatest x : greatest n g x -> phi n g s x = 0.
Proof.
  intros (B & _). apply sum_zero. intros i Hi. unfold shaved.
  rewrite pos_of_nonpos; [unfold Rdiv; lra|].
  specialize (B i Hi). lra.
Qed.

Lemma level_zero_iff_greatest x : level n g s 0 x <-> greatest n g x.
Proof.
  split.
  - intros L. destruct (greatest_exists n g) as (y & Y).
    + destruct L as (_ & i & Hi & _). lia.
    + replace x with y; auto. apply (level_unique 0); auto. split; [apply phi_of_greatest; auto|].
      destruct Y as (_ & i & Hi & E). exists i. split; auto; lra.
  - intros G. split; [apply phi_of_greatest; auto|]. destruct G as (_ & i & Hi & E).
    exists i. split; auto; lra.
Qed.

Lemma level_exists m : (0 < n)%nat -> 0 <= m -> exists x, level n g s m x.
Proof.
  intros Hn M. destruct (greatest_exists n g Hn) as (top & T).
  destruct (Req_dec m 0) as [->|N].
  - exists top. apply level_zero_iff_greatest. exact T.
  - destruct (intermediate_value (fun x => - phi n g s x) (g O - s O * m) top (- m)) as (x & _ & E).
    + apply continuity_opp. apply phi_continuous.
    + assert (0 <= s O * m) by (apply Rmult_le_pos; [apply Rlt_le, s_pos|]; auto).
      destruct T as (B & _). specialize (B O Hn). lra.
    + rewrite (phi_of_greatest top T).
      assert (m <= phi n g s (g O - s O * m)); [|lra].
      eapply Rle_trans; [|apply (term_le_sum n _ O); auto; apply shaved_nonneg].
      unfold shaved. assert (P := s_pos O Hn).
      rewrite pos_of_nonneg by nra. right. field. lra.
    + exists x. apply root_is_level; lra.
Qed.

Lemma density_positive x i : (i < n)%nat -> x <= g i -> 0 < density n g s x.
Proof.
  intros Hi L. apply sum_pos with (i := i); auto.
  - intros k Hk. unfold supported. destruct (Rle_dec x (g k)); [|lra].
    apply Rlt_le, Rinv_0_lt_compat, s_pos; auto.
  - unfold supported. destruct (Rle_dec x (g i)); [|lra]. apply Rinv_0_lt_compat, s_pos; auto.
Qed.

Lemma phi_on_support x :
  phi n g s x = sum n (supported g x (fun i => g i / s i)) - x * density n g s x.
Proof.
  unfold phi, density. rewrite <- sum_scal, <- sum_minus. apply sum_ext. intros i Hi.
  unfold shaved, supported. specialize (s_pos i Hi). destruct (Rle_dec x (g i)).
  - rewrite pos_of_nonneg by lra. field. lra.
  - rewrite pos_of_nonpos by lra. unfold Rdiv. lra.
Qed.

Lemma level_formula m x : level n g s m x ->
  x = (sum n (supported g x (fun i => g i / s i)) - m) / density n g s x.
Proof.
  intros (E & i & Hi & L). assert (P := density_positive x i Hi L).
  rewrite phi_on_support in E. rewrite <- E. field. lra.
Qed.

(* ------------------------------------------------------------ the design earns the level *)

Lemma design_nonneg x i : (i < n)%nat -> 0 <= design n g s x i.
Proof.
  intros Hi. unfold design, supported. destruct (Rle_dec x (g i)); [|lra].
  apply Rlt_le, Rinv_0_lt_compat, Rmult_lt_0_compat; [apply s_pos; auto|].
  apply density_positive with (i := i); auto.
Qed.

Lemma design_times_stake x i : (i < n)%nat ->
  design n g s x i * s i = supported g x (fun _ => / density n g s x) i.
Proof.
  intros Hi. unfold design, supported. destruct (Rle_dec x (g i)); [|lra].
  assert (P := density_positive x i Hi r). specialize (s_pos i Hi). field. lra.
Qed.

Lemma design_times_gain x i : (i < n)%nat ->
  design n g s x i * g i = / density n g s x * supported g x (fun i => g i / s i) i.
Proof.
  intros Hi. unfold design, supported. destruct (Rle_dec x (g i)); [|lra].
  assert (P := density_positive x i Hi r). specialize (s_pos i Hi). field. lra.
Qed.

Lemma design_sums_to_one x i : (i < n)%nat -> x <= g i -> sum n (design n g s x) = 1.
Proof.
  intros Hi L. assert (P := density_positive x i Hi L).
  rewrite (sum_ext n _ (fun i => / density n g s x * supported g x (fun i => / s i) i)).
  - rewrite sum_scal. unfold density in *. field. lra.
  - intros k Hk. unfold design, supported. destruct (Rle_dec x (g k)); [|lra].
    specialize (s_pos k Hk). field. lra.
Qed.

(* Against the design for the level x every l >= 0 that spends a mistakes on its support costs
   a / H. *)
Lemma design_payoff x l :
  payoff n g s (design n g s x) l =
  / density n g s x *
    (sum n (supported g x (fun i => g i / s i)) - sum n (supported g x l)).
Proof.
  unfold payoff. rewrite <- sum_minus, <- sum_scal. apply sum_ext. intros i Hi.
  rewrite Rmult_minus_distr_l, <- Rmult_assoc, design_times_gain, design_times_stake by auto.
  unfold supported. destruct (Rle_dec x (g i)); lra.
Qed.

Lemma supported_sum_le l x : nonneg n l -> sum n (supported g x l) <= sum n l.
Proof.
  intros N. apply sum_le. intros i Hi. unfold supported. specialize (N i Hi).
  destruct (Rle_dec x (g i)); lra.
Qed.

Lemma design_earns_level m x l : level n g s m x -> nonneg n l -> sum n l <= m ->
  x <= payoff n g s (design n g s x) l.
Proof.
  intros L N M. rewrite design_payoff. rewrite (level_formula m x L) at 1.
  destruct L as (_ & i & Hi & L). assert (P := density_positive x i Hi L).
  unfold Rdiv. rewrite Rmult_comm. apply Rmult_le_compat_l.
  - apply Rlt_le, Rinv_0_lt_compat. auto.
  - assert (A := supported_sum_le l x N). lra.
Qed.

(* ------------------------------------------------------------------ the shaving holds it *)

Lemma payoff_le_budget_times_bound q l v b : nonneg n q -> sum n q <= b -> 0 <= v ->
  (forall i, (i < n)%nat -> g i - s i * l i <= v) -> payoff n g s q l <= b * v.
Proof.
  intros N B V P. apply Rle_trans with (v * sum n q).
  - unfold payoff. rewrite <- sum_scal. apply sum_le. intros i Hi.
    specialize (N i Hi). specialize (P i Hi). nra.
  - nra.
Qed.

Lemma gain_after_shaving x i : (i < n)%nat -> g i - s i * shaved g s x i = Rmin (g i) x.
Proof.
  intros Hi. unfold shaved. specialize (s_pos i Hi).
  replace (s i * (pos (g i - x) / s i)) with (pos (g i - x)) by (field; lra).
  unfold Rmin. destruct (pos_cases (g i - x)), (Rle_dec (g i) x); lra.
Qed.

Lemma shaving_holds_level x q b : 0 <= x -> nonneg n q -> sum n q <= b ->
  payoff n g s q (shaved g s x) <= b * x.
Proof.
  intros X N B. apply payoff_le_budget_times_bound; auto. intros i Hi.
  rewrite gain_after_shaving by auto. apply Rmin_r.
Qed.

Lemma payoff_of_scaled_design q l c : payoff n g s (fun i => c * q i) l = c * payoff n g s q l.
Proof. unfold payoff. rewrite <- sum_scal. apply sum_ext. intros. lra. Qed.

End Level.

Lemma value_unique : value_unique_statement.
Proof.
  intros Q L U v w (q & l & Hq & Hl & A & B) (q' & l' & Hq' & Hl' & A' & B').
  assert (v <= U q l') by auto. assert (U q l' <= w) by auto.
  assert (w <= U q' l) by auto. assert (U q' l <= v) by auto. lra.
Qed.

Lemma phi_at_zero n g h : pool n g h ->
  phi n g (stake g h) 0 = sum n (fun i => g i / stake g h i).
Proof.
  intros P. apply sum_ext. intros i Hi. unfold shaved. specialize (P i Hi).
  rewrite pos_of_nonneg by lra. rewrite Rminus_0_r. reflexivity.
Qed.

Lemma V1_phi : V1_phi_statement.
Proof.
  intros n g h P s. assert (s_pos := pool_stakes_positive n g h P). repeat split.
  - apply phi_continuous; auto.
  - intros. apply phi_convex; auto.
  - intros. apply phi_strictly_decreasing; auto.
Qed.

Lemma level_positive_iff n g h m lam : pool n g h -> level n g (stake g h) m lam ->
  (0 < lam <-> m < sum n (fun i => g i / stake g h i)).
Proof.
  intros P (E & i & Hi & L). assert (s_pos := pool_stakes_positive n g h P).
  rewrite <- (phi_at_zero n g h P). split; intros A.
  - rewrite <- E. apply phi_decreases_below_gain with (i := i); auto. specialize (P i Hi). lra.
  - destruct (Rlt_dec 0 lam); auto. exfalso.
    assert (phi n g (stake g h) 0 <= phi n g (stake g h) lam) by (apply phi_antitone; auto; lra).
    lra.
Qed.

Lemma V1_level : V1_level_statement.
Proof.
  intros n g h m Hn P M s. assert (s_pos := pool_stakes_positive n g h P).
  destruct (level_exists n g s s_pos m Hn M) as (lam & L). exists lam.
  split; [exact L|]. split; [intros x X; apply (level_unique n g s s_pos m); auto|].
  split; [intros Pm x E; apply (level_unique n g s s_pos m); auto; apply root_is_level; auto|].
  split; [intros ->; apply (level_zero_iff_greatest n g s s_pos); auto|].
  apply (level_positive_iff n g h m lam P L).
Qed.

Lemma shaved_feasible n g h m x : pool n g h -> 0 <= x -> phi n g (stake g h) x <= m ->
  mistakes n m (shaved g (stake g h) x).
Proof.
  intros P X L. assert (s_pos := pool_stakes_positive n g h P). split; auto. intros i Hi. split.
  - apply shaved_nonneg with (n := n); auto.
  - unfold shaved. apply div_le_iff_le_mult; [apply s_pos; auto|]. unfold stake.
    specialize (P i Hi). apply Rmax_lub; lra.
Qed.

Lemma V1_saddle : V1_saddle_statement.
Proof.
  intros n g h m b lam P B s L Lpos H p.
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  split; [apply level_formula; auto|].
  assert (F : forced n 1 p).
  { split; [intros i Hi; apply design_nonneg; auto|].
    destruct L as (_ & i & Hi & Li). apply design_sums_to_one with (i := i); auto. }
  split; [exact F|]. destruct F as (F1 & F2). split; [|split; [|split]].
  - split.
    + intros i Hi. apply Rmult_le_pos; auto.
    + rewrite sum_scal, F2. lra.
  - destruct L as (E & _). apply shaved_feasible; auto; unfold s in E; lra.
  - intros l' (L1 & L2). rewrite payoff_of_scaled_design. apply Rmult_le_compat_l; auto.
    apply design_earns_level with (m := m); auto. intros i Hi. apply L1; auto.
  - intros q' (Q1 & Q2). apply shaving_holds_level; auto; lra.
Qed.

Lemma V1_zero : V1_zero_statement.
Proof.
  intros n g h m b P B s M. assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  assert (F : mistakes n m (fun i => g i / s i)).
  { split; auto. intros i Hi. specialize (P i Hi). unfold s, stake. split.
    - apply div_nonneg; lra.
    - apply div_le_iff_le_mult; lra. }
  assert (Z : forall q, payoff n g s q (fun i => g i / s i) = 0).
  { intros q. apply sum_zero. intros i Hi. specialize (s_pos i Hi). field. lra. }
  split; [split; [|split; [exact F|split]]|].
  - split; [intros i Hi; lra|]. rewrite sum_const. lra.
  - intros l' _. right. symmetry. apply sum_zero. intros. lra.
  - intros q' _. rewrite Z. lra.
  - intros q _. exists (fun i => g i / s i). split; auto. rewrite Z. lra.
Qed.
