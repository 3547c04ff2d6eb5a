(* V5, V6, V7: wrong m, wrong gains, determinism.  V3a, V3b: the cap, and a budget that must be
   spent.  A2 and A1 with replacement. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements Sums Levels Prefixes Shape.
Open Scope R_scope.

Lemma supported_nonneg n g x f i : (forall i, (i < n)%nat -> 0 <= f i) -> (i < n)%nat ->
  0 <= supported g x f i.
Proof. intros N Hi. unfold supported. destruct (Rle_dec x (g i)); [auto|lra]. Qed.

Lemma V5 : V5_statement.
Proof.
  intros n g h m m' lam P M s (_ & i & Hi & Li) k.
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  assert (D := density_positive n g s s_pos lam i Hi Li).
  assert (K : 0 < k).
  { apply sum_pos with (i := i); auto.
    - intros j Hj. apply supported_nonneg with n; auto. intros. lra.
    - unfold supported. destruct (Rle_dec lam (g i)); lra. }
  assert (Inv : 0 < / density n g s lam) by (apply Rinv_0_lt_compat; auto).
  split.
  - intros l (L1 & L2). rewrite design_payoff by auto. unfold Rdiv. rewrite Rmult_comm.
    apply Rmult_le_compat_l; [lra|].
    assert (A : sum n (supported g lam l) <= sum n l).
    { apply supported_sum_le. intros j Hj. apply L1; auto. }
    assert (B : sum n (supported g lam l) <= k).
    { apply sum_le. intros j Hj. unfold supported. specialize (L1 j Hj).
      destruct (Rle_dec lam (g j)); lra. }
    assert (sum n (supported g lam l) <= Rmin m k) by (apply Rmin_glb; lra). lra.
  - set (theta := Rmin m k / k).
    assert (T : 0 <= theta <= 1).
    { unfold theta. split; [apply div_nonneg; auto; apply Rmin_glb; lra|].
      apply div_le_iff_le_mult; auto. rewrite Rmult_1_l. apply Rmin_r. }
    assert (E : theta * k = Rmin m k) by (unfold theta; field; lra).
    assert (Sm : sum n (supported g lam (fun _ => theta)) = Rmin m k).
    { rewrite <- E. unfold k. rewrite <- sum_scal. apply sum_ext. intros j Hj.
      unfold supported. destruct (Rle_dec lam (g j)); lra. }
    exists (supported g lam (fun _ => theta)). split; [split|].
    + intros j Hj. unfold supported. destruct (Rle_dec lam (g j)); lra.
    + rewrite Sm. apply Rmin_l.
    + rewrite design_payoff by auto.
      rewrite (sum_ext n (supported g lam (supported g lam (fun _ => theta)))
                 (supported g lam (fun _ => theta))).
      * rewrite Sm. unfold Rdiv. rewrite Rmult_comm. reflexivity.
      * intros j Hj. unfold supported. destruct (Rle_dec lam (g j)); reflexivity.
Qed.

Lemma V6 : V6_statement.
Proof.
  intros n g s g' h' m lam e P E s' Hg Hs L l (L1 & L2).
  assert (s_pos := pool_stakes_positive n g' h' P : all_positive n s').
  set (p := design n g' s' lam). set (H := density n g' s' lam).
  assert (HH : 0 < H) by (destruct L as (_ & i & Hi & Li);
    apply (density_positive n g' s' s_pos lam i); auto).
  assert (N : nonneg n p) by (intros i Hi; apply design_nonneg; auto).
  assert (A : lam <= payoff n g' s' p l).
  { apply design_earns_level with m; auto. intros i Hi. apply L1; auto. }
  assert (B : payoff n g' s' p l
              - e * (sum n (fun i => p i * g' i) + sum n (fun i => p i * s' i * l i))
              <= payoff n g s p l).
  { unfold payoff. rewrite <- sum_plus, <- sum_scal, <- sum_minus. apply sum_le. intros i Hi.
    specialize (Hg i Hi). specialize (Hs i Hi). specialize (N i Hi). specialize (L1 i Hi).
    replace (p i * (g' i - s' i * l i) - e * (p i * g' i + p i * s' i * l i))
      with (p i * ((g' i - e * g' i) - (s' i + e * s' i) * l i)) by ring.
    apply Rmult_le_compat_l; auto.
    assert (g' i - e * g' i <= g i) by (unfold Rabs in Hg; destruct (Rcase_abs (g i - g' i)); lra).
    assert (s i <= s' i + e * s' i) by (unfold Rabs in Hs; destruct (Rcase_abs (s i - s' i)); lra).
    nra. }
  assert (C : sum n (fun i => p i * g' i) = / H * sum n (supported g' lam (fun i => g' i / s' i))).
  { rewrite <- sum_scal. apply sum_ext. intros i Hi. apply design_times_gain; auto. }
  assert (D : sum n (fun i => p i * s' i * l i) <= / H * m).
  { apply Rle_trans with (/ H * sum n l).
    - rewrite <- sum_scal. apply sum_le. intros i Hi. unfold p.
      rewrite design_times_stake by auto. unfold supported. fold H. specialize (L1 i Hi).
      assert (0 < / H) by (apply Rinv_0_lt_compat; auto).
      destruct (Rle_dec lam (g' i)); nra.
    - apply Rmult_le_compat_l; auto. apply Rlt_le, Rinv_0_lt_compat; auto. }
  rewrite C in B. unfold Rdiv.
  assert (e * (/ H * sum n (supported g' lam (fun i => g' i / s' i))
               + sum n (fun i => p i * s' i * l i))
          <= e * ((sum n (supported g' lam (fun i => g' i / s' i)) + m) * / H)).
  { apply Rmult_le_compat_l; auto. lra. }
  fold H. lra.
Qed.

(* Mistakes can be topped up to any amount that the support holds. *)
Lemma mistakes_topped_up n g x l m : unit_box n l -> sum n (supported g x l) <= m ->
  m <= sum n (supported g x (fun _ => 1)) ->
  exists l', (forall i, (i < n)%nat -> l i <= l' i <= 1)
    /\ sum n (supported g x l') = m.
Proof.
  intros U A B. set (k := sum n (supported g x (fun _ => 1))) in *.
  set (a := sum n (supported g x l)) in *.
  set (t := if Req_EM_T k a then 0 else (m - a) / (k - a)).
  assert (T : 0 <= t <= 1 /\ a + t * (k - a) = m).
  { unfold t. destruct (Req_EM_T k a); [split; lra|]. assert (0 < k - a) by lra.
    split; [split; [apply div_nonneg; lra|apply div_le_iff_le_mult; lra]|field; lra]. }
  destruct T as (T & E). exists (fun i => l i + t * (1 - l i)). split.
  - intros i Hi. specialize (U i Hi). split; nra.
  - rewrite <- E. unfold k, a. rewrite <- sum_minus, <- sum_scal, <- sum_plus.
    apply sum_ext. intros i Hi. unfold supported. destruct (Rle_dec x (g i)); lra.
Qed.

(* What an error of the gain costs at one point that is wrong with probability l. *)
Lemma proportional_error g g' c e l : 0 <= c -> 0 <= l <= 1 -> Rabs (g - g') <= e * g' ->
  g' - (g' + c * g') * l - e * g' * (1 + (c - 1) * l) <= g - (g + c * g) * l.
Proof.
  intros C L E. assert (0 <= c * l) by (apply Rmult_le_pos; lra).
  assert (A : Rabs (1 - (1 + c) * l) <= 1 + (c - 1) * l).
  { unfold Rabs. destruct (Rcase_abs (1 - (1 + c) * l)); lra. }
  assert (B : Rabs ((g - g') * (1 - (1 + c) * l)) <= e * g' * (1 + (c - 1) * l)).
  { rewrite Rabs_mult. apply Rmult_le_compat; auto; apply Rabs_pos. }
  unfold Rabs in B. destruct (Rcase_abs ((g - g') * (1 - (1 + c) * l))); lra.
Qed.

Section Proportional.
Variables (n : nat) (g' : nat -> R) (c m lam : R).
Hypothesis c_nonneg : 0 <= c.
Hypothesis in_pool : pool n g' (scaled c g').
Hypothesis lam_is_level : level n g' (stake g' (scaled c g')) m lam.
Let s' := stake g' (scaled c g').
Let p := design n g' s' lam.
Let k := sum n (supported g' lam (fun _ => 1)).
Let H := sum n (supported g' lam (fun i => / g' i)).
Let s_pos : all_positive n s' := pool_stakes_positive n g' (scaled c g') in_pool.

Lemma proportional_stake i : s' i = (1 + c) * g' i.
Proof. unfold s', stake, scaled. ring. Qed.

Lemma proportional_density : H = (1 + c) * density n g' s' lam.
Proof.
  unfold H, density. rewrite <- sum_scal. apply sum_ext. intros i Hi.
  destruct (in_pool i Hi) as (G & _). unfold supported. destruct (Rle_dec lam (g' i)); [|lra].
  rewrite proportional_stake. field. split; lra.
Qed.

Lemma proportional_density_positive : 0 < H.
Proof.
  rewrite proportional_density. apply Rmult_lt_0_compat; [lra|].
  destruct lam_is_level as (_ & i & Hi & Li). apply (density_positive n g' s' s_pos lam i); auto.
Qed.

Lemma proportional_design_times_gain i : (i < n)%nat ->
  p i * g' i = / H * supported g' lam (fun _ => 1) i.
Proof.
  intros Hi. destruct (in_pool i Hi) as (G & _). assert (HH := proportional_density_positive).
  unfold p. rewrite design_times_gain by auto. rewrite proportional_density in *.
  unfold supported. destruct (Rle_dec lam (g' i)); [|lra].
  rewrite proportional_stake. field. repeat split; try lra. intros Z. rewrite Z in HH. lra.
Qed.

Lemma mistakes_fit_in_support : 0 < lam -> m <= k.
Proof.
  intros L. destruct lam_is_level as (E & _). rewrite <- E. apply sum_le. intros i Hi.
  destruct (in_pool i Hi) as (G & _). fold s'. unfold shaved, supported.
  destruct (Rle_dec lam (g' i)).
  - rewrite proportional_stake, pos_of_nonneg by lra. apply div_le_iff_le_mult; nra.
  - rewrite pos_of_nonpos by lra. unfold Rdiv. lra.
Qed.

(* The design for the estimates against mistakes that use up m on its support. *)
Lemma proportional_guarantee g e l : nonneg n p -> unit_box n l ->
  (forall i, (i < n)%nat -> Rabs (g i - g' i) <= e * g' i) -> sum n (supported g' lam l) = m ->
  lam - e * (k + (c - 1) * m) / H <= payoff n g (stake g (scaled c g)) p l.
Proof.
  intros N U Hg Sm. assert (Earned : payoff n g' s' p l = lam).
  { unfold p. rewrite design_payoff by auto. rewrite Sm, Rmult_comm. symmetry.
    exact (level_formula n g' s' s_pos m lam lam_is_level). }
  assert (Lost : sum n (supported g' lam (fun i => 1 + (c - 1) * l i)) = k + (c - 1) * m).
  { rewrite <- Sm. unfold k. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros i Hi.
    unfold supported. destruct (Rle_dec lam (g' i)); ring. }
  rewrite <- Earned, <- Lost. unfold Rdiv.
  replace (e * sum n (supported g' lam (fun i => 1 + (c - 1) * l i)) * / H)
    with (e * / H * sum n (supported g' lam (fun i => 1 + (c - 1) * l i))) by ring.
  unfold payoff. rewrite <- sum_scal, <- sum_minus. apply sum_le. intros i Hi.
  assert (Pg := proportional_design_times_gain i Hi).
  assert (X := proportional_error (g i) (g' i) c e (l i) c_nonneg (U i Hi) (Hg i Hi)).
  apply (Rmult_le_compat_l (p i)) in X; auto. unfold stake at 1, scaled at 1.
  eapply Rle_trans; [right|exact X]. unfold s', stake, scaled. rewrite !Rmult_minus_distr_l.
  replace (p i * (e * g' i * (1 + (c - 1) * l i)))
    with (e * (p i * g' i) * (1 + (c - 1) * l i)) by ring.
  rewrite Pg. unfold supported. destruct (Rle_dec lam (g' i)); ring.
Qed.
End Proportional.

Lemma V6_proportional : V6_proportional_statement.
Proof.
  intros n g g' c m lam e C P T E s' Hg L Lp k H l (L1 & L2).
  assert (s_pos := pool_stakes_positive n g' (scaled c g') P : all_positive n s').
  assert (N : nonneg n (design n g' s' lam)) by (intros i Hi; apply design_nonneg; auto).
  destruct (mistakes_topped_up n g' lam l m L1) as (l' & U & Sm).
  { apply Rle_trans with (sum n l); auto. apply supported_sum_le. intros i Hi. apply L1; auto. }
  { apply (mistakes_fit_in_support n g' c m lam); auto. }
  eapply Rle_trans; [apply (proportional_guarantee n g' c m lam C P L g e l'); auto|].
  { intros i Hi. specialize (U i Hi). specialize (L1 i Hi). lra. }
  (* further mistakes only cost *)
  apply sum_le. intros i Hi. specialize (N i Hi). specialize (U i Hi). specialize (T i Hi).
  apply Rmult_le_compat_l; auto. unfold stake, scaled.
  assert (0 <= (g i + c * g i) * (l' i - l i)) by (apply Rmult_le_pos; nra). lra.
Qed.

Lemma V7_deterministic : V7_deterministic_statement.
Proof.
  intros n g h m q P Z M. split; [split|].
  - intros l (L1 & L2). unfold payoff. rewrite <- (Rmult_1_l (sum n _)).
    replace (- (1 * sum n (fun i => q i * h i))) with (-1 * sum n (fun i => q i * h i)) by ring.
    rewrite <- sum_scal. apply sum_le. intros i Hi. specialize (P i Hi). specialize (L1 i Hi).
    unfold stake. destruct (Z i Hi) as [->| ->]; nra.
  - exists q. split; [split; auto; intros i Hi; destruct (Z i Hi) as [->| ->]; lra|].
    unfold payoff. rewrite <- (Rmult_1_l (sum n (fun i => q i * h i))), Ropp_mult_distr_l.
    rewrite <- sum_scal. apply sum_ext. intros i Hi. unfold stake.
    destruct (Z i Hi) as [->| ->]; lra.
  - assert (0 <= sum n (fun i => q i * h i)); [|lra]. apply sum_nonneg. intros i Hi.
    specialize (P i Hi). destruct (Z i Hi) as [->| ->]; lra.
Qed.

Lemma V7_worst : V7_worst_statement.
Proof.
  intros Q L U q w v Hq (A & _) (q' & l' & _ & Hl' & _ & B).
  apply Rle_trans with (U q l'); auto.
Qed.

Lemma V7_top : V7_top_statement.
Proof.
  intros n g s q k theta K T N D.
  assert (E : forall l, payoff n g s q l
     = sum n (fun i => q i * g i) - sum n (fun i => q i * s i * l i)).
  { intros l. unfold payoff. rewrite <- sum_minus. apply sum_ext. intros. ring. }
  set (a := fun i => q i * s i) in *. change (q k * s k) with (a k).
  assert (Ak : 0 <= a k) by (apply N; auto).
  split.
  - intros l (L1 & L2). rewrite E.
    assert (sum n (fun i => a i * l i) <= sum k a + theta * a k); [|unfold a in *; lra].
    apply Rle_trans with (sum n (fun i => (if lt_dec i k then a i - a k else 0) + a k * l i)).
    + apply sum_le. intros i Hi. specialize (L1 i Hi). destruct (lt_dec i k).
      * assert (a k <= a i) by (apply D; lia). nra.
      * assert (a i <= a k) by (apply D; lia). nra.
    + rewrite sum_plus, sum_scal, (sum_prefix n k) by
        (try lia; intros i Hi; destruct (lt_dec i k); auto; lia).
      rewrite (sum_ext k _ (fun i => a i - a k)) by
        (intros i Hi; destruct (lt_dec i k); auto; lia).
      rewrite sum_minus, sum_const. nra.
  - set (l := fun i => if lt_dec i k then 1 else if Nat.eq_dec i k then theta else 0).
    assert (Sl : forall f, sum n (fun i => f i * l i) = sum k f + theta * f k).
    { intros f. rewrite (sum_prefix n (S k)); [|lia|intros i Hi; unfold l;
        destruct (lt_dec i k); [lia|]; destruct (Nat.eq_dec i k); [lia|ring]].
      simpl. unfold l at 2. destruct (lt_dec k k); [lia|]. destruct (Nat.eq_dec k k); [|lia].
      rewrite (sum_ext k _ f); [ring|]. intros i Hi. unfold l. destruct (lt_dec i k); [ring|lia]. }
    exists l. split; [split|].
    + intros i Hi. unfold l. destruct (lt_dec i k); [lra|]. destruct (Nat.eq_dec i k); lra.
    + right. rewrite (sum_ext n l (fun i => 1 * l i)) by (intros; ring).
      rewrite (Sl (fun _ => 1)), sum_const. ring.
    + rewrite E. change (sum n (fun i => q i * s i * l i)) with (sum n (fun i => a i * l i)).
      rewrite (Sl a). reflexivity.
Qed.

Lemma V7_uniform : V7_uniform_statement.
Proof.
  intros n g h k K P D.
  assert (Hn : 0 < INR n) by (apply lt_0_INR; lia).
  assert (Inv : 0 < / INR n) by (apply Rinv_0_lt_compat; auto).
  assert (W := V7_top n g (stake g h) (fun _ => / INR n) k 0 K ltac:(lra)).
  simpl in W. rewrite !sum_scal in W.
  replace ((sum n g - sum k (stake g h)) / INR n) with
    (/ INR n * sum n g - (/ INR n * sum k (stake g h) + 0 * (/ INR n * stake g h k)))
    by (unfold Rdiv; ring).
  rewrite Rplus_0_r in W. apply W.
  - intros i Hi. apply Rmult_le_pos; [lra|]. apply Rlt_le, (pool_stakes_positive n g h P). auto.
  - intros i j Hij Hj. apply Rmult_le_compat_l; [lra|]. apply D; auto.
Qed.

Lemma V3a : V3a_statement.
Proof.
  intros n g h m b lam P B s L Lp.
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  destruct (V1_saddle n g h m b lam P B L Lp) as (_ & F & (Q1 & L1 & A & Bd)). split.
  - intros Cap. split; [|split; [exact L1|split; [exact A|]]].
    + destruct Q1 as (Q1 & Q2). split; [|exact Q2]. intros i Hi. split; [apply Q1; auto|].
      unfold design, supported. destruct (Rle_dec lam (g i)) as [G|G]; [|lra].
      assert (D := density_positive n g s s_pos lam i Hi G). specialize (Cap i Hi G).
      assert (0 < s i * density n g s lam) by (apply Rmult_lt_0_compat; auto).
      fold s. change (b / (s i * density n g s lam) <= 1). apply div_le_iff_le_mult; lra.
    + intros q' (X & Y). apply Bd. split; auto. intros i Hi. apply X; auto.
  - intros v (q & l & (X & Y) & Hl & C & _).
    apply Rle_trans with (payoff n g s q (shaved g s lam)); [apply C; exact L1|].
    apply Bd. split; auto. intros i Hi. apply X; auto.
Qed.

Lemma V3a_budget : V3a_budget_statement.
Proof.
  intros n g s L V. split.
  - intros b b' v v' Hb (q & l & (Q1 & Q2) & Hl & A & B) (q' & l' & Hq' & Hl' & A' & B').
    apply Rle_trans with (payoff n g s q l'); auto. apply B'. split; auto. lra.
  - intros b b' v v' w t T (q & l & (Q1 & Q2) & Hl & A & B)
      (q' & l' & (Q1' & Q2') & Hl' & A' & B') (q'' & l'' & Hq'' & Hl'' & A'' & B'').
    apply Rle_trans with (payoff n g s (fun i => t * q i + (1 - t) * q' i) l'').
    + rewrite payoff_of_mixed_design. assert (X := A l'' Hl''). assert (Y := A' l'' Hl''). nra.
    + apply B''. split; [apply mixture_in_unit_box; auto|]. rewrite sum_of_mixture. nra.
Qed.

(* With the whole budget on the table, the bound needs no sign. *)
Lemma forced_payoff_le_bound n g s q l v : nonneg n q -> sum n q = 1 ->
  (forall i, (i < n)%nat -> g i - s i * l i <= v) -> payoff n g s q l <= v.
Proof.
  intros N B P. rewrite <- (Rmult_1_r v), <- B. unfold payoff. rewrite <- sum_scal.
  apply sum_le. intros i Hi. specialize (N i Hi). specialize (P i Hi). nra.
Qed.

Lemma V3b : V3b_statement.
Proof.
  intros n g h m lam low P M s L (Lo & j & Hj & Ej).
  assert (s_pos := pool_stakes_positive n g h P : all_positive n s).
  set (v := Rmax lam (- low)).
  assert (Sh : mistakes n m (shaved g s v)).
  { split.
    - intros i Hi. split; [apply shaved_nonneg with n; auto|].
      apply div_le_iff_le_mult; [apply s_pos; auto|]. assert (X := Rmax_r lam (- low)).
      specialize (Lo i Hi).
      specialize (P i Hi). unfold s, stake. fold v in X. apply Rmax_lub; lra.
    - destruct L as (E & _). rewrite <- E. apply phi_antitone; auto. apply Rmax_l. }
  assert (Up : forall q, forced n 1 q -> payoff n g s q (shaved g s v) <= v).
  { intros q (Q1 & Q2). apply forced_payoff_le_bound; auto. intros i Hi.
    rewrite gain_after_shaving with (n := n) by auto. apply Rmin_r. }
  unfold v, Rmax in *. destruct (Rle_dec lam (- low)) as [C|C].
  - exists (unit_vector j), (shaved g s (- low)). split; [|split; [auto|split; [|auto]]].
    + split; [|apply sum_unit_vector; auto]. intros i Hi. unfold unit_vector.
      destruct (Nat.eq_dec i j); lra.
    + intros l' (L1 & _). unfold payoff.
      rewrite (sum_unit_vector_times n j (fun i => g i - s i * l' i)) by auto.
      specialize (L1 j Hj). specialize (P j Hj). unfold s, stake. nra.
  - exists (design n g s lam), (shaved g s lam). split; [|split; [auto|split; [|auto]]].
    + destruct L as (_ & i & Hi & Li). split; [intros k Hk; apply design_nonneg; auto|].
      apply design_sums_to_one with i; auto.
    + intros l' (L1 & L2). apply design_earns_level with m; auto. intros i Hi. apply L1; auto.
Qed.

Lemma V3b_proportional : V3b_proportional_statement.
Proof.
  intros n g c m low Hn C P (Lo & j & Hj & Ej) M. set (s := stake g (scaled c g)).
  assert (s_pos := pool_stakes_positive n g _ P : all_positive n s).
  assert (G : forall i, (i < n)%nat -> 0 < g i) by (intros i Hi; apply P; auto).
  assert (HH : 0 < sum n (fun i => / g i)) by (apply inverse_sum_positive; auto).
  set (H := sum n (fun i => / g i)) in *. set (lam := (INR n - (1 + c) * m) / H).
  assert (L0 : lam <= 0).
  { apply div_le_iff_le_mult; auto. lra. }
  assert (M0 : 0 <= m).
  { assert (0 <= INR n) by apply pos_INR. destruct (Rle_dec 0 m); auto. nra. }
  replace (c * low) with (scaled c g j) by (unfold scaled; rewrite Ej; reflexivity).
  apply V3b with (m := m); auto.
  - split; [|exists O; split; auto; specialize (G O Hn); lra].
    unfold phi. rewrite (sum_ext n _ (fun i => / (1 + c) * (1 - lam * / g i))).
    + rewrite sum_scal, sum_minus, sum_const, sum_scal. fold H. unfold lam. field. split; lra.
    + intros i Hi. specialize (G i Hi). unfold shaved. rewrite pos_of_nonneg by lra.
      unfold s, stake, scaled. replace (g i + c * g i) with ((1 + c) * g i) by ring.
      field. split; lra.
  - split; [|exists j; auto]. intros i Hi. unfold scaled. rewrite Ej.
    apply Rmult_le_compat_l; auto.
Qed.

Lemma V3b_example : V3b_example_statement.
Proof.
  assert (W : forall x, 1 <= x <= 3 / 2 ->
    value (forced 5 1) (mistakes 5 4) (payoff 5 (five x) (stake (five x) (scaled 1 (five x))))
      (Rmax ((INR 5 - (1 + 1) * 4) / sum 5 (fun i => / five x i)) (- (1 * x)))).
  { intros x X. apply V3b_proportional; try lra; try lia.
    - intros i Hi. unfold scaled, five. destruct i as [|[|[|[|i]]]]; lra.
    - split; [|exists 4%nat; split; [lia|reflexivity]].
      intros i Hi. unfold five. destruct i as [|[|[|[|i]]]]; lra.
    - simpl. lra. }
  split; [|split].
  - assert (W1 := W 1 ltac:(lra)). rewrite Rmax_right in W1.
    + replace (-1) with (- (1 * 1)) by ring. exact W1.
    + simpl. apply Rmult_le_reg_r with (0 + / 10 + / 10 + / 5 + / 2 + / 1); [lra|].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
  - assert (W1 := W (3 / 2) ltac:(lra)). rewrite Rmax_right in W1.
    + replace (- (3 / 2)) with (- (1 * (3 / 2))) by ring. exact W1.
    + simpl. apply Rmult_le_reg_r with (0 + / 10 + / 10 + / 5 + / 2 + / (3 / 2)); [lra|].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
  - unfold ratio, stake, scaled, five. simpl. field.
Qed.

Lemma A2_uncapped : A2_uncapped_statement.
Proof.
  intros n g s r m b lam top M B s_pos Hr L (T & j & Hj & Ej). set (v := Rmax 0 (Rmax top lam)).
  assert (V0 : 0 <= v) by apply Rmax_l.
  assert (Vt : Rmax top lam <= v) by apply Rmax_r.
  assert (Vtop := Rmax_l top lam). assert (Vlam := Rmax_r top lam).
  assert (Sh : limited n r m (shaved g s v)).
  { split.
    - intros i Hi. split; [apply shaved_nonneg with n; auto|].
      apply div_le_iff_le_mult; [apply s_pos; auto|]. specialize (T i Hi). specialize (s_pos i Hi).
      specialize (Hr i Hi). apply Rmax_lub; [apply Rmult_le_pos; lra|lra].
    - destruct L as (E & _). rewrite <- E. apply phi_antitone; auto. lra. }
  assert (Up : forall q, uncapped n b q -> payoff n g s q (shaved g s v) <= b * v).
  { intros q (Q1 & Q2). apply shaving_holds_level; auto. }
  destruct (Rle_dec v 0) as [C|C].
  - exists (fun _ => 0), (shaved g s v). split; [|split; [auto|split; [|auto]]].
    + split; [intros i Hi; lra|rewrite sum_const; lra].
    + intros l' _. replace v with 0 by lra. rewrite Rmult_0_r. right. symmetry.
      apply sum_zero. intros. ring.
  - assert (v = Rmax top lam) by (unfold v, Rmax in *; destruct (Rle_dec 0 (Rmax top lam));
      unfold Rmax in *; destruct (Rle_dec top lam); destruct (Rle_dec 0 top);
      destruct (Rle_dec 0 lam); lra).
    destruct (Rle_dec top lam) as [D|D].
    + assert (v = lam) by (rewrite H, Rmax_right; lra).
      exists (fun i => b * design n g s lam i), (shaved g s v).
      split; [|split; [auto|split; [|auto]]].
      * destruct L as (_ & i & Hi & Li). split.
        -- intros k Hk. apply Rmult_le_pos; auto. apply design_nonneg; auto.
        -- rewrite sum_scal, (design_sums_to_one n g s s_pos lam i); auto. lra.
      * intros l' (L1 & L2). rewrite payoff_of_scaled_design. apply Rmult_le_compat_l; auto.
        rewrite H0.
        apply design_earns_level with m; auto. intros i Hi. apply L1; auto.
    + assert (v = top) by (rewrite H, Rmax_left; lra).
      exists (fun i => b * unit_vector j i), (shaved g s v).
      split; [|split; [auto|split; [|auto]]].
      * split; [|rewrite sum_scal, sum_unit_vector; auto; lra]. intros i Hi. unfold unit_vector.
        destruct (Nat.eq_dec i j); lra.
      * intros l' (L1 & L2). rewrite payoff_of_scaled_design. apply Rmult_le_compat_l; auto.
        unfold payoff. rewrite (sum_unit_vector_times n j (fun i => g i - s i * l' i)) by auto.
        specialize (L1 j Hj). specialize (s_pos j Hj). rewrite H0, <- Ej. nra.
Qed.

Lemma A1_uncapped : A1_uncapped_statement.
Proof.
  intros n k g s c m b v top B Hc V (T & jj & Hjj & Ejj).
  (* one good reply of the teacher for each group, chosen below k *)
  assert (Ch : forall K, (K <= k)%nat -> exists l : nat -> nat -> R, forall j, (j < K)%nat ->
     group_mistakes n c j (m j) (l j) /\ 0 <= v j
     /\ forall i, (i < n)%nat -> c i = j -> b * (g i - s i * l j i) <= v j).
  { induction K; intros HK.
    - exists (fun _ _ => 0). intros; lia.
    - destruct IHK as (l & A); [lia|]. destruct (V K) as (q & lK & Hq & Hl & X & Y); [lia|].
      assert (Z : forall i, (i < n)%nat -> c i = K -> b * (g i - s i * lK i) <= v K).
      { intros i Hi Ei. assert (W := Y (fun j => b * unit_vector i j)).
        rewrite payoff_of_scaled_design in W.
        unfold payoff in W. rewrite (sum_unit_vector_times n i (fun i => g i - s i * lK i)) in W
          by auto. apply W.
        split; [split|].
        - intros j Hj. unfold unit_vector. destruct (Nat.eq_dec j i); lra.
        - rewrite sum_scal, sum_unit_vector; auto; lra.
        - intros j Hj Nj. unfold unit_vector.
          destruct (Nat.eq_dec j i) as [->|]; [contradiction|lra]. }
      assert (V0 : 0 <= v K).
      { assert (W := Y (fun _ => 0)). replace (payoff n g s (fun _ => 0) lK) with 0 in W.
        - apply W. split; [split|]; auto; [intros i Hi; lra|rewrite sum_const; lra].
        - symmetry. apply sum_zero. intros. ring. }
      exists (fun j => if Nat.eq_dec j K then lK else l j). intros j Hj.
      destruct (Nat.eq_dec j K) as [->|]; [auto|]. apply A. lia. }
  destruct (Ch k (le_n k)) as (l & Hl). clear Ch.
  destruct (V jj Hjj) as (q & l0 & (Hq & Hq0) & _ & Earn & _).
  exists q, (fun i => l (c i) i). split; [exact Hq|]. split; [|split].
  - split.
    + intros i Hi. destruct (Hl (c i) (Hc i Hi)) as ((U & _) & _). apply U; auto.
    + intros j Hj. destruct (Hl j Hj) as ((_ & Sm) & _).
      rewrite (sum_ext n _ (inside c j (l j))); auto.
      intros i Hi. unfold inside. destruct (Nat.eq_dec (c i) j) as [->|]; reflexivity.
  - intros l' (U & Gr). rewrite <- Ejj. apply Earn. split; auto.
  - intros q' (Q1 & Q2).
    assert (T0 : 0 <= top).
    { rewrite <- Ejj. apply Hl; auto. }
    replace top with (b * (top / b)) by (field; lra). apply payoff_le_budget_times_bound; auto.
    + apply div_nonneg; auto.
    + intros i Hi. destruct (Hl (c i) (Hc i Hi)) as (_ & _ & W).
      specialize (W i Hi eq_refl). specialize (T (c i) (Hc i Hi)).
      apply Rmult_le_reg_l with b; auto. replace (b * (top / b)) with top by (field; lra). lra.
Qed.
