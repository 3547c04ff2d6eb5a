(* V4: how the value moves with m, the harms, the gains and the pool. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements Sums Levels Prefixes.
Open Scope R_scope.

Lemma uncapped_value_exists n g h m b : pool n g h -> 0 <= m -> 0 <= b ->
  exists x, 0 <= x /\ phi n g (stake g h) x <= m
    /\ value (uncapped n b) (mistakes n m) (payoff n g (stake g h)) (b * x)
    /\ (x = 0 \/ level n g (stake g h) m x).
Proof.
  intros P M B. destruct (Rlt_dec m (sum n (fun i => g i / stake g h i))) as [L|L].
  - assert (Hn : (0 < n)%nat) by (destruct n; [simpl in L; lra|lia]).
    destruct (V1_level n g h m Hn P M) as (x & Lx & _ & _ & _ & Pos).
    exists x. apply Pos in L. split; [lra|]. split; [destruct Lx; lra|]. split; [|right; auto].
    destruct (V1_saddle n g h m b x P B Lx L) as (_ & _ & Sd).
    eexists. eexists. exact Sd.
  - exists 0. split; [lra|]. rewrite (phi_at_zero n g h P). split; [lra|]. split; [|left; auto].
    rewrite Rmult_0_r. destruct (V1_zero n g h m b P B ltac:(lra)) as (Sd & _).
    eexists. eexists. exact Sd.
Qed.

Lemma uncapped_value_le_budget_times_level n g h m b x v : pool n g h -> 0 <= x ->
  phi n g (stake g h) x <= m ->
  value (uncapped n b) (mistakes n m) (payoff n g (stake g h)) v -> v <= b * x.
Proof.
  intros P X F (q & l & (Q1 & Q2) & _ & A & _).
  apply Rle_trans with (payoff n g (stake g h) q (shaved g (stake g h) x)).
  - apply A. apply shaved_feasible; auto.
  - apply shaving_holds_level; auto. apply pool_stakes_positive; auto.
Qed.

Lemma payoff_of_mixed_mistakes n g s q l l' t :
  payoff n g s q (fun i => t * l i + (1 - t) * l' i)
  = t * payoff n g s q l + (1 - t) * payoff n g s q l'.
Proof.
  unfold payoff. rewrite <- !sum_scal, <- sum_plus. apply sum_ext. intros. lra.
Qed.

Lemma payoff_of_mixed_design n g s q q' l t :
  payoff n g s (fun i => t * q i + (1 - t) * q' i) l
  = t * payoff n g s q l + (1 - t) * payoff n g s q' l.
Proof.
  unfold payoff. rewrite <- !sum_scal, <- sum_plus. apply sum_ext. intros. lra.
Qed.

Lemma sum_of_mixture n l l' t :
  sum n (fun i => t * l i + (1 - t) * l' i) = t * sum n l + (1 - t) * sum n l'.
Proof. rewrite <- !sum_scal, <- sum_plus. reflexivity. Qed.

Lemma mixture_in_unit_box n l l' t : 0 <= t <= 1 -> unit_box n l -> unit_box n l' ->
  unit_box n (fun i => t * l i + (1 - t) * l' i).
Proof. intros T A B i Hi. specialize (A i Hi). specialize (B i Hi). nra. Qed.

Lemma V4_mistakes : V4_mistakes_statement.
Proof.
  intros n g s Q V. split.
  - intros m m' v v' M (q & l & Hq & (L1 & L2) & A & B) (q' & l' & Hq' & Hl' & A' & B').
    assert (payoff n g s q' l <= v) by auto.
    assert (v' <= payoff n g s q' l) by (apply A'; split; auto; lra). lra.
  - intros m m' v v' w t T (q & l & Hq & (L1 & L2) & A & B)
      (q' & l' & Hq' & (L1' & L2') & A' & B') (q'' & l'' & Hq'' & Hl'' & A'' & B'').
    apply Rle_trans with (payoff n g s q'' (fun i => t * l i + (1 - t) * l' i)).
    + apply A''. split; [apply mixture_in_unit_box; auto|]. rewrite sum_of_mixture. nra.
    + rewrite payoff_of_mixed_mistakes. assert (X := B q'' Hq''). assert (Y := B' q'' Hq''). nra.
Qed.

Lemma V4_piecewise : V4_piecewise_statement.
Proof.
  intros n g h m b v Hn P D M B s V.
  destruct (uncapped_value_exists n g h m b P M B) as (x & X & F & Vx & C).
  assert (v = b * x) by (eapply value_unique; eauto). subst v.
  destruct (level_exists n g s (pool_stakes_positive n g h P) m Hn M) as (lam & L).
  destruct (V2_prefix n g h m lam P D L) as (Up & k & K & E & _).
  assert (lam <= x).
  { destruct (Rle_dec lam x) as [?|N]; auto. exfalso. destruct L as (EL & i & Hi & Li).
    assert (phi n g s lam < phi n g s x).
    { apply phi_decreases_below_gain with (i := i); auto;
        [apply pool_stakes_positive; auto|lra|lra]. }
    unfold s in *. lra. }
  split.
  - split; [apply Rmult_le_pos; auto|]. intros j J. apply Rmult_le_compat_l; auto.
    apply Rle_trans with lam; auto.
  - destruct C as [->|C]; [left; lra|right]. exists k. split; auto.
    assert (x = lam) by (eapply level_unique; [apply (pool_stakes_positive n g h P)| |]; eauto).
    fold s in E. rewrite E. congruence.
Qed.

Lemma V4_harms : V4_harms_statement.
Proof.
  intros n g h h' Q L v v' HQ HL Hh (q & l & Hq & Hl & A & B) (q' & l' & Hq' & Hl' & A' & B').
  apply Rle_trans with (payoff n g (stake g h') q' l); auto.
  apply Rle_trans with (payoff n g (stake g h) q' l); auto.
  apply sum_le. intros i Hi. assert (X := HQ q' Hq' i Hi). assert (Y := HL l Hl i Hi).
  specialize (Hh i Hi). unfold stake. apply Rmult_le_compat_l; auto. nra.
Qed.

Lemma V4_scale : V4_scale_statement.
Proof.
  intros n g h Q L r v Rpos (q & l & Hq & Hl & A & B).
  assert (E : forall q l, payoff n (scaled r g) (stake (scaled r g) (scaled r h)) q l
                          = r * payoff n g (stake g h) q l).
  { intros. unfold payoff. rewrite <- sum_scal. apply sum_ext. intros. unfold stake, scaled. lra. }
  exists q, l. split; [|split; [|split]]; auto; intros; rewrite E; apply Rmult_le_compat_l; auto;
    lra.
Qed.

Definition extended (n : nat) (q : nat -> R) (i : nat) : R := if Nat.eq_dec i n then 0 else q i.

Lemma extended_inside n q i : (i < n)%nat -> extended n q i = q i.
Proof. intros. unfold extended. destruct (Nat.eq_dec i n); [lia|reflexivity]. Qed.

Lemma extended_at_new_point n q : extended n q n = 0.
Proof. unfold extended. destruct (Nat.eq_dec n n); [reflexivity|lia]. Qed.

Lemma extended_sum n q : sum (S n) (extended n q) = sum n q.
Proof.
  simpl. rewrite extended_at_new_point, (sum_ext n _ q); [lra|]. intros. apply extended_inside.
  auto.
Qed.

Lemma extended_feasible Q n b q : learner Q -> Q n b q -> Q (S n) b (extended n q).
Proof.
  intros [->|[->| ->]] (A & B).
  - split; [|rewrite extended_sum; auto]. intros i Hi. destruct (Nat.eq_dec i n) as [->|N].
    + rewrite extended_at_new_point. lra.
    + rewrite extended_inside by lia. apply A. lia.
  - split; [|rewrite extended_sum; auto]. intros i Hi. destruct (Nat.eq_dec i n) as [->|N].
    + rewrite extended_at_new_point. lra.
    + rewrite extended_inside by lia. apply A. lia.
  - split; [|rewrite extended_sum; auto]. intros i Hi. destruct (Nat.eq_dec i n) as [->|N].
    + rewrite extended_at_new_point. lra.
    + rewrite extended_inside by lia. apply A. lia.
Qed.

Lemma V4_point : V4_point_statement.
Proof.
  intros n g s Q b m v v' HQ (q & l & Hq & Hl & A & B) (q' & l' & Hq' & (L1 & L2) & A' & B').
  apply Rle_trans with (payoff n g s q l').
  - apply A. split; [intros i Hi; apply L1; lia|]. simpl in L2.
    assert (0 <= l' n) by (apply L1; lia). lra.
  - apply Rle_trans with (payoff (S n) g s (extended n q) l').
    + right. unfold payoff. simpl. rewrite extended_at_new_point.
      rewrite (sum_ext n (fun i => extended n q i * (g i - s i * l' i))
                 (fun i => q i * (g i - s i * l' i))); [lra|].
      intros i Hi. rewrite extended_inside by auto. reflexivity.
    + apply B'. apply extended_feasible; auto.
Qed.

Lemma permutation_sum n sigma tau f : permutation n sigma tau ->
  sum n (fun i => f (sigma i)) = sum n f.
Proof.
  intros P. apply sum_permutation.
  - intros i Hi. apply P; auto.
  - intros i j Hi Hj E. destruct (P i Hi) as (_ & _ & _ & Ei).
    destruct (P j Hj) as (_ & _ & _ & Ej).
    congruence.
Qed.

Lemma permutation_sym n sigma tau : permutation n sigma tau -> permutation n tau sigma.
Proof. intros P i Hi. destruct (P i Hi) as (a & b & c & d). auto. Qed.

Lemma V4_order : V4_order_statement.
Proof.
  intros n g s Q b m v sigma tau HQ P (q & l & Hq & Hl & A & B).
  assert (FQ : forall sigma tau q, permutation n sigma tau -> Q n b q ->
    Q n b (fun i => q (sigma i))).
  { clear - HQ. intros sigma tau q P. destruct HQ as [->|[->| ->]]; intros (X & Y);
    (split; [intros i Hi; apply X; apply P; auto|rewrite (permutation_sum n sigma tau); auto]). }
  assert (FL : forall sigma tau l, permutation n sigma tau ->
                 mistakes n m l -> mistakes n m (fun i => l (sigma i))).
  { intros sg ta x Ps (X & Y). split; [intros i Hi; apply X, Ps; auto|].
    rewrite (permutation_sum n sg ta); auto. }
  assert (E : forall q l, payoff n (fun i => g (sigma i)) (fun i => s (sigma i))
                 (fun i => q (sigma i)) (fun i => l (sigma i)) = payoff n g s q l).
  { intros. unfold payoff.
    apply (permutation_sum n sigma tau (fun i => q0 i * (g i - s i * l0 i))); auto. }
  assert (E1 : forall q l, payoff n (fun i => g (sigma i)) (fun i => s (sigma i))
    (fun i => q (sigma i)) l
                 = payoff n g s q (fun i => l (tau i))).
  { intros. rewrite <- E. apply sum_ext. intros i Hi. destruct (P i Hi) as (_ & _ & _ & ->). auto. }
  assert (E2 : forall q l, payoff n (fun i => g (sigma i)) (fun i => s (sigma i)) q
    (fun i => l (sigma i))
                 = payoff n g s (fun i => q (tau i)) l).
  { intros. rewrite <- E. apply sum_ext. intros i Hi. destruct (P i Hi) as (_ & _ & _ & ->). auto. }
  exists (fun i => q (sigma i)), (fun i => l (sigma i)).
  split; [eapply FQ; eauto|]. split; [eapply FL; eauto|]. split.
  - intros l' Hl'. rewrite E1. apply A. eapply FL; eauto. apply permutation_sym. eauto.
  - intros q' Hq'. rewrite E2. apply B. eapply FQ; eauto. apply permutation_sym. eauto.
Qed.

(* A design shrunk pointwise stays feasible for a learner who may abstain. *)
Lemma shrunk_feasible Q n b q q' : abstainer Q -> Q n b q ->
  (forall i, (i < n)%nat -> 0 <= q' i <= q i) -> Q n b q'.
Proof.
  intros [->| ->] (A & B) C.
  - split; [intros i Hi; apply C; auto|]. apply Rle_trans with (sum n q); auto.
    apply sum_le. intros. apply C; auto.
  - split.
    + intros i Hi. specialize (A i Hi). specialize (C i Hi). lra.
    + apply Rle_trans with (sum n q); auto. apply sum_le. intros. apply C; auto.
Qed.

Lemma abstainer_nonneg Q n b q : abstainer Q -> Q n b q -> nonneg n q.
Proof. intros [->| ->] (A & B) i Hi; specialize (A i Hi); simpl in A; lra. Qed.

Lemma V4_gains : V4_gains_statement.
Proof.
  intros n g g' c Q b m v v' HQ C P P' G (q & l & Hq & Hl & A & B) (q' & l' & Hq' & Hl' & A' & B').
  apply Rle_trans with (payoff n g (stake g (scaled c g)) q l'); auto.
  set (p := fun i => q i * (g i / g' i)).
  apply Rle_trans with (payoff n g' (stake g' (scaled c g')) p l').
  - right. apply sum_ext. intros i Hi. unfold p, stake, scaled. destruct (P' i Hi) as (X & _).
    field. lra.
  - apply B'. apply shrunk_feasible with q; auto. intros i Hi. unfold p.
    assert (N := abstainer_nonneg Q n b q HQ Hq i Hi).
    destruct (P i Hi) as (X & _). destruct (P' i Hi) as (Y & _). specialize (G i Hi).
    assert (0 <= g i / g' i) by (apply div_nonneg; lra).
    assert (g i / g' i <= 1) by (apply div_le_iff_le_mult; lra). nra.
Qed.

Lemma value_lipschitz_one_sided n g g' c b m d v v' : 0 <= c -> 0 <= b ->
  pool n g (scaled c g) -> pool n g' (scaled c g') -> 0 <= d ->
  (forall i, (i < n)%nat -> Rabs (g i - g' i) <= d) ->
  value (uncapped n b) (mistakes n m) (payoff n g (stake g (scaled c g))) v ->
  value (uncapped n b) (mistakes n m) (payoff n g' (stake g' (scaled c g'))) v' ->
  v <= v' + b * d.
Proof.
  intros C B P P' D G V V'.
  assert (M : 0 <= m).
  { destruct V as (q & l & _ & (L1 & L2) & _). assert (0 <= sum n l); [|lra].
    apply sum_nonneg. intros. apply L1; auto. }
  destruct (uncapped_value_exists n g' (scaled c g') m b P' M B) as (x & X & F & Vx & _).
  assert (v' = b * x) by (eapply value_unique; eauto). subst v'.
  replace (b * x + b * d) with (b * (x + d)) by lra.
  apply (uncapped_value_le_budget_times_level n g (scaled c g) m b); auto; [lra|].
  eapply Rle_trans; [|exact F]. apply sum_le. intros i Hi.
  destruct (P i Hi) as (Y & _). destruct (P' i Hi) as (Z & _). specialize (G i Hi).
  assert (g i - d <= g' i /\ g' i - d <= g i) as (G1 & G2).
  { unfold Rabs in G. destruct (Rcase_abs (g i - g' i)); lra. }
  unfold shaved, stake, scaled.
  destruct (pos_cases (g i - (x + d))) as [(U & ->)|(U & ->)].
  - rewrite pos_of_nonneg by lra.
    replace (g i + c * g i) with ((1 + c) * g i) by ring.
    replace (g' i + c * g' i) with ((1 + c) * g' i) by ring.
    replace ((g i - (x + d)) / ((1 + c) * g i)) with (/ (1 + c) * (1 - (x + d) / g i))
      by (field; split; lra).
    replace ((g' i - x) / ((1 + c) * g' i)) with (/ (1 + c) * (1 - x / g' i))
      by (field; split; lra).
    apply Rmult_le_compat_l; [apply Rlt_le, Rinv_0_lt_compat; lra|].
    assert (x / g' i <= (x + d) / g i); [|lra].
    apply div_le_iff_le_mult; auto.
    replace ((x + d) / g i * g' i) with ((x + d) * g' i / g i) by (field; lra).
    apply Rmult_le_reg_r with (g i); auto.
    replace ((x + d) * g' i / g i * g i) with ((x + d) * g' i) by (field; lra). nra.
  - unfold Rdiv. rewrite Rmult_0_l. apply div_nonneg; [apply pos_nonneg|nra].
Qed.

Lemma V4_lipschitz : V4_lipschitz_statement.
Proof.
  intros n g g' c b m d v v' C B P P' D G V V'.
  assert (G' : forall i, (i < n)%nat -> Rabs (g' i - g i) <= d).
  { intros i Hi. rewrite Rabs_minus_sym. auto. }
  assert (X := value_lipschitz_one_sided n g g' c b m d v v' C B P P' D G V V').
  assert (Y := value_lipschitz_one_sided n g' g c b m d v' v C B P' P D G' V' V).
  unfold Rabs. destruct (Rcase_abs (v - v')); lra.
Qed.

(* Mistakes counted in units of the stake, cut where a point is worth nothing. *)
Lemma mistakes_in_stake_units Q n g b m c v : abstainer Q -> 0 <= c -> pool n g g ->
  value (Q n b) (mistakes n m) (payoff n g (stake g (scaled c g))) v ->
  exists w, unit_box n w /\ sum n w <= (1 + c) * m
    /\ forall q, Q n b q -> sum n (fun i => q i * (g i * (1 - w i))) <= v.
Proof.
  intros HQ C P (q & l & Hq & (L1 & L2) & A & B).
  exists (fun i => Rmin 1 ((1 + c) * l i)). split; [|split].
  - intros i Hi. specialize (L1 i Hi). split; [apply Rmin_glb; nra|apply Rmin_l].
  - apply Rle_trans with ((1 + c) * sum n l); [|nra].
    rewrite <- sum_scal. apply sum_le. intros. apply Rmin_r.
  - intros q' Hq'. assert (N := abstainer_nonneg Q n b q' HQ Hq').
    set (p := fun i => if Rlt_dec ((1 + c) * l i) 1 then q' i else 0).
    apply Rle_trans with (payoff n g (stake g (scaled c g)) p l).
    + right. apply sum_ext. intros i Hi. unfold p, stake, scaled, Rmin.
      destruct (Rlt_dec ((1 + c) * l i) 1), (Rle_dec 1 ((1 + c) * l i)); try lra.
    + apply B. apply shrunk_feasible with q'; auto. intros i Hi. specialize (N i Hi). unfold p.
      destruct (Rlt_dec ((1 + c) * l i) 1); lra.
Qed.

Lemma V4_harm_convex : V4_harm_convex_statement.
Proof.
  intros n g Q b m c c' t v v' w HQ C C' T P V V1 V2 (q & l & Hq & Hl & A & B).
  destruct (mistakes_in_stake_units Q n g b m c v HQ C P V1) as (x & X1 & X2 & X3).
  destruct (mistakes_in_stake_units Q n g b m c' v' HQ C' P V2) as (y & Y1 & Y2 & Y3).
  set (d := 1 + (t * c + (1 - t) * c')) in *. assert (Dp : 1 <= d) by (unfold d; nra).
  set (z := fun i => / d * (t * x i + (1 - t) * y i)).
  assert (Inv : 0 < / d <= 1).
  { split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  apply Rle_trans with (payoff n g (stake g (scaled (t * c + (1 - t) * c') g)) q z).
  - apply A. split.
    + intros i Hi. assert (K := mixture_in_unit_box n x y t T X1 Y1 i Hi). unfold z. simpl in K.
      nra.
    + unfold z. rewrite sum_scal, sum_of_mixture.
      apply Rle_trans with (/ d * (d * m)).
      * apply Rmult_le_compat_l; [lra|]. unfold d. nra.
      * right. field. lra.
  - assert (H1 := X3 q Hq). assert (H2 := Y3 q Hq).
    apply Rle_trans with (t * sum n (fun i => q i * (g i * (1 - x i)))
                          + (1 - t) * sum n (fun i => q i * (g i * (1 - y i)))).
    + right. rewrite <- !sum_scal, <- sum_plus. apply sum_ext. intros i Hi.
      unfold z, stake, scaled.
      replace ((g i + (t * c + (1 - t) * c') * g i) * (/ d * (t * x i + (1 - t) * y i)))
        with (g i * (t * x i + (1 - t) * y i)); [ring|].
      replace (g i + (t * c + (1 - t) * c') * g i) with (g i * d) by (unfold d; ring).
      field. lra.
    + nra.
Qed.

Lemma V4_support : V4_support_statement.
Proof.
  intros n g h m m' lam lam' P M L L'.
  assert (lam' <= lam); [|split; [auto|intros; lra]].
  destruct (Rle_dec lam' lam) as [?|N]; auto. exfalso.
  destruct L as (E & _). destruct L' as (E' & i & Hi & Li).
  assert (phi n g (stake g h) lam' < phi n g (stake g h) lam); [|lra].
  apply phi_decreases_below_gain with (i := i); auto; [apply pool_stakes_positive; auto|lra|lra].
Qed.

Lemma V4_slope : V4_slope_statement.
Proof.
  intros n g h m lam P s L N. assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  destruct (point_gap n g lam) as (e & E & G). assert (Ph := L). destruct Ph as (Ph & i & Hi & Li).
  assert (HH := density_positive n g s s_pos lam i Hi Li). set (H := density n g s lam) in *.
  exists (e * H). split; [apply Rmult_lt_0_compat; auto|]. intros m' M.
  set (x := lam - (m' - m) / H).
  assert (X : lam - e < x < lam + e).
  { assert (B : - (e * H) < m' - m < e * H) by (unfold Rabs in M; destruct (Rcase_abs (m' - m));
      lra).
    assert (- e < (m' - m) / H < e).
    { split; apply Rmult_lt_reg_r with H; auto;
      replace ((m' - m) / H * H) with (m' - m) by (field; lra); lra. }
    unfold x. lra. }
  assert (Same : forall f k, (k < n)%nat -> supported g x f k = supported g lam f k).
  { intros f k Hk. destruct (G k Hk) as (G1 & G2). specialize (N k Hk). unfold supported.
    destruct (Rle_dec x (g k)) as [A|A], (Rle_dec lam (g k)) as [B|B]; auto; exfalso.
    - assert (g k <= lam - e) by (apply G2; lra). lra.
    - destruct B as [B|B]; [|congruence]. specialize (G1 B). lra. }
  split.
  - rewrite phi_on_support in * by auto.
    rewrite (sum_ext n (supported g x (fun i => g i / s i)) (supported g lam (fun i => g i / s i)))
      by (intros; apply Same; auto).
    replace (density n g s x) with H by (apply sum_ext; intros; symmetry; apply Same; auto).
    fold H in Ph. unfold x. replace ((lam - (m' - m) / H) * H) with (lam * H - (m' - m))
      by (field; lra). lra.
  - exists i. split; auto. destruct (G i Hi) as (G1 & _). specialize (N i Hi).
    destruct Li as [Li|Li]; [|congruence]. specialize (G1 Li). lra.
Qed.

(* A value from a level that is guessed. *)
Lemma value_at_level n g h m lam : pool n g h -> level n g (stake g h) m lam -> 0 < lam ->
  value (uncapped n 1) (mistakes n m) (payoff n g (stake g h)) lam.
Proof.
  intros P L X. destruct (V1_saddle n g h m 1 lam P Rle_0_1 L X) as (_ & _ & Sd).
  rewrite Rmult_1_l in Sd. eexists. eexists. exact Sd.
Qed.

Lemma one_one_value x lam : 0 < x -> 0 < lam <= 1 ->
  2 * (1 - lam) / 2 + pos (x - lam) / (2 * x) = 1 / 2 ->
  value (uncapped 3 1) (mistakes 3 (1 / 2))
    (payoff 3 (one_one x) (stake (one_one x) (scaled 1 (one_one x)))) lam.
Proof.
  intros X L E. apply value_at_level; [| |lra].
  - intros i Hi. unfold one_one, scaled. destruct i as [|[|i]]; lra.
  - split; [|exists O; split; [lia|simpl; lra]].
    unfold phi, shaved, stake, scaled. simpl. rewrite pos_of_nonneg by lra.
    rewrite <- E. field. lra.
Qed.

Lemma V4_neither : V4_neither_statement.
Proof.
  red. cbv zeta. repeat split; try lra; apply one_one_value; try lra;
  (rewrite pos_of_nonneg by lra; field) || (rewrite pos_of_nonpos by lra; field).
Qed.
