(* Hedge over prices: N2.  What is needed of exp is proved from its series, since the library's
   monotonicity of exp rests on the excluded middle. *)
Require Import Reals Lra Lia Arith.
From Radsim Require Import Statements RoundStatements Sums Levels Prices Capped ManyRounds.
Open Scope R_scope.

(* ------------------------------------------------------------------- exp lies above its tangents *)

Lemma exp_is_series x : Un_cv (fun N => sum_f_R0 (fun i => / INR (fact i) * x ^ i) N) (exp x).
Proof. unfold exp. destruct (exist_exp x) as (l & E). exact E. Qed.

Lemma exp_above_tangent_right x : 0 <= x -> 1 + x <= exp x.
Proof.
  intros X. assert (P := sum_incr _ 1 _ (exp_is_series x)). simpl in P.
  eapply Rle_trans; [|apply P].
  - right. field.
  - intros k. apply Rmult_le_pos; [|apply pow_le; lra].
    left. apply Rinv_0_lt_compat, lt_0_INR, lt_O_fact.
Qed.

Lemma exp_above_tangent_left y : 0 <= y <= 1 -> 1 - y <= exp (- y).
Proof.
  intros Y. set (U := fun i => / INR (fact i) * y ^ i).
  assert (F : forall i, 0 < INR (fact i)) by (intros; apply lt_0_INR, lt_O_fact).
  destruct (alternated_series_ineq U (exp (- y)) 0) as (A & _).
  - intros i. unfold U. simpl pow.
    assert (B : / INR (fact (S i)) <= / INR (fact i)).
    { apply Rinv_le_contravar; [apply F|]. apply le_INR, fact_le. lia. }
    assert (C : 0 <= y ^ i) by (apply pow_le; lra).
    assert (D : 0 < / INR (fact (S i))) by (apply Rinv_0_lt_compat, F).
    apply Rle_trans with (/ INR (fact (S i)) * y ^ i); [|apply Rmult_le_compat_r; lra].
    apply Rmult_le_compat_l; nra.
  - intros e E. destruct (cv_speed_pow_fact y e E) as (N & H). exists N. intros m M.
    specialize (H m M). unfold U. rewrite Rmult_comm. exact H.
  - intros e E. destruct (exp_is_series (- y) e E) as (N & H). exists N. intros m M.
    specialize (H m M). erewrite sum_eq; [exact H|]. intros i _. unfold tg_alt, U.
    replace (- y) with (- 1 * y) by ring. rewrite Rpow_mult_distr. ring.
  - eapply Rle_trans; [|exact A]. right. unfold tg_alt, U. simpl. field.
Qed.

Lemma exp_above_tangent x : 1 + x <= exp x.
Proof.
  destruct (Rle_dec 0 x) as [C|C]; [apply exp_above_tangent_right; auto|].
  destruct (Rle_dec x (-1)) as [D|D]; [assert (P := exp_pos x); lra|].
  replace x with (- - x) at 2 by ring. assert (P := exp_above_tangent_left (- x)). lra.
Qed.

Lemma exp_monotone x y : x <= y -> exp x <= exp y.
Proof.
  intros L. replace y with (x + (y - x)) by ring. rewrite exp_plus.
  assert (P := exp_pos x). assert (A := exp_above_tangent (y - x)). nra.
Qed.

Lemma exp_reflects x y : exp x <= exp y -> x <= y.
Proof.
  intros L. destruct (Rle_dec x y) as [C|C]; auto. exfalso.
  replace x with (y + (x - y)) in L by ring. rewrite exp_plus in L.
  assert (P := exp_pos y). assert (A := exp_above_tangent (x - y)). nra.
Qed.

Lemma exp_small d : 0 <= d <= 1 / 2 -> exp d <= 1 + d + 2 * d * d.
Proof.
  intros D. assert (A := exp_above_tangent (- d)). assert (P := exp_pos d).
  assert (E : exp d * exp (- d) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
  assert (exp d * (1 - d) <= 1) by nra. nra.
Qed.

Lemma exp_below_chord a z t : 0 <= t <= 1 ->
  exp ((1 - t) * a + t * z) <= (1 - t) * exp a + t * exp z.
Proof.
  intros T. set (c := (1 - t) * a + t * z). assert (P := exp_pos c).
  assert (A := exp_above_tangent (a - c)). assert (B := exp_above_tangent (z - c)).
  replace (exp a) with (exp c * exp (a - c)) by (rewrite <- exp_plus; f_equal; ring).
  replace (exp z) with (exp c * exp (z - c)) by (rewrite <- exp_plus; f_equal; ring).
  assert (E : (1 - t) * (1 + (a - c)) + t * (1 + (z - c)) = 1) by (unfold c; ring).
  assert (1 <= (1 - t) * exp (a - c) + t * exp (z - c)) by nra. nra.
Qed.

(* ----------------------------------------------------------------------------- Hoeffding's lemma *)

Section Steps.
Variables (u d : R).
Hypothesis u_unit : 0 <= u <= 1.
Hypothesis d_small : 0 <= d <= 1 / 2.
Definition step_cost : R := d + 2 * d * d.
Definition mgf (j : nat) : R := 1 - u + u * exp (INR j * d).

Lemma mgf_at_least_one j : 1 <= mgf j.
Proof.
  assert (A := exp_above_tangent (INR j * d)). assert (N := pos_INR j).
  assert (0 <= INR j * d) by nra. unfold mgf. nra.
Qed.

Lemma mgf_after_steps j : exists r, 0 <= r <= 1 /\ r * mgf j = u * exp (INR j * d)
  /\ r <= u + INR j * step_cost / 4
  /\ mgf j <= exp (u * (INR j * step_cost) + INR j * step_cost * (INR j * step_cost) / 8).
Proof.
  induction j as [|j (r & R1 & E & L & M)].
  - exists u. unfold mgf. simpl INR. rewrite !Rmult_0_l, exp_0. split; [auto|].
    split; [ring|]. split; [lra|]. replace (u * 0 + 0 / 8) with 0 by field. rewrite exp_0. lra.
  - assert (Z0 := exp_small d d_small). assert (Z1 := exp_above_tangent d).
    set (z := exp d - 1). assert (Hz : 0 <= z <= step_cost) by (unfold z, step_cost; lra).
    assert (Next : mgf (S j) = mgf j * (1 + r * z)).
    { unfold mgf at 1. rewrite S_INR, Rmult_plus_distr_r, exp_plus, Rmult_1_l.
      replace (exp d) with (1 + z) by (unfold z; ring).
      replace (mgf j * (1 + r * z)) with (mgf j + r * mgf j * z) by ring. rewrite E.
      unfold mgf. ring. }
    assert (D := mgf_at_least_one j). 
    assert (Rz : 0 <= r * z) by (apply Rmult_le_pos; lra). assert (D0 : 0 < 1 + r * z). { clear - Rz. lra. }
    exists (r * (1 + z) / (1 + r * z)).
    assert (Eq : r * (1 + z) / (1 + r * z) * (1 + r * z) = r * (1 + z)) by (field; lra).
    set (r' := r * (1 + z) / (1 + r * z)) in *. split; [split|split; [|split]].
    + apply div_nonneg; [apply Rmult_le_pos|]; lra.
    + apply div_le_iff_le_mult; lra.
    + rewrite Next. replace (r' * (mgf j * (1 + r * z))) with (mgf j * (r' * (1 + r * z))) by ring.
      rewrite Eq. replace (mgf j * (r * (1 + z))) with (r * mgf j * (1 + z)) by ring. rewrite E.
      rewrite S_INR, Rmult_plus_distr_r, exp_plus, Rmult_1_l. unfold z. ring.
    + rewrite S_INR. assert (r' <= r + z / 4); [|lra]. apply div_le_iff_le_mult; auto.
      assert (A := Rmult_le_pos z _ (proj1 Hz) (Rle_0_sqr (r - 1 / 2))).
      assert (B := Rmult_le_pos r _ (proj1 R1) (Rle_0_sqr z)). unfold Rsqr in *. lra.
    + rewrite Next. apply Rle_trans with (mgf j * exp (r * step_cost)).
      { apply Rmult_le_compat_l; [lra|]. assert (A := exp_above_tangent (r * step_cost)). nra. }
      eapply Rle_trans; [apply Rmult_le_compat_r; [left; apply exp_pos|exact M]|].
      rewrite <- exp_plus. apply exp_monotone. rewrite S_INR. assert (N := pos_INR j).
      assert (0 <= step_cost) by lra. set (k := step_cost) in *. set (x := INR j) in *.
      assert (r * k <= (u + x * k / 4) * k) by (apply Rmult_le_compat_r; lra). nra.
Qed.
End Steps.

Lemma beyond_all x : exists N, (0 < N)%nat /\ x < INR N.
Proof.
  destruct (archimed (Rmax 0 x)) as (A & _). assert (B := Rmax_l 0 x). assert (C := Rmax_r 0 x).
  exists (Z.to_nat (up (Rmax 0 x))).
  assert (P : (0 < up (Rmax 0 x))%Z) by (apply lt_IZR; simpl; lra).
  split; [lia|]. rewrite INR_IZR_INZ, Z2Nat.id by lia. lra.
Qed.

Lemma two_point_mgf u y : 0 <= u <= 1 -> 0 <= y -> 1 - u + u * exp y <= exp (u * y + y * y / 8).
Proof.
  intros Hu Hy. set (D := 1 - u + u * exp y). set (X := exp (u * y + y * y / 8)).
  destruct (Rle_dec D X) as [L|L]; auto. exfalso.
  set (C := 2 * y * y + y * y * (y + y * y) / 2). assert (X0 : 0 < X) by apply exp_pos.
  assert (C0 : 0 <= C) by (unfold C; assert (0 <= y * y) by nra; nra).
  destruct (beyond_all (2 * y + 2 * C + 2 * C * X / (D - X))) as (N & N0 & Big).
  assert (Q : 0 <= 2 * C * X / (D - X)) by (apply div_nonneg; nra).
  assert (Np : 0 < INR N) by (apply lt_0_INR; auto).
  set (d := y / INR N). assert (Ed : INR N * d = y) by (unfold d; field; lra).
  assert (Hd : 0 <= d <= 1 / 2).
  { split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
  destruct (mgf_after_steps u d Hu Hd N) as (_ & _ & _ & _ & M).
  unfold mgf in M. rewrite Ed in M. fold D in M.
  set (e := C / INR N). assert (Ee : INR N * e = C) by (unfold e; field; lra).
  assert (He : 0 <= e <= 1 / 2).
  { split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
  assert (U : u * (INR N * step_cost d) + INR N * step_cost d * (INR N * step_cost d) / 8
              <= u * y + y * y / 8 + e).
  { replace (INR N * step_cost d) with (y + 2 * y * d) by (unfold step_cost; rewrite <- Ed; ring).
    assert (e = d * (2 * y + y * (y + y * y) / 2)) as ->.
    { apply Rmult_eq_reg_l with (INR N); [|lra]. rewrite Ee, <- Rmult_assoc, Ed. unfold C. field. }
    assert (A : d <= y). { rewrite <- Ed. assert (1 <= INR N) by (apply (le_INR 1); lia). nra. }
    assert (0 <= y * d) by nra. assert (0 <= y * d * y) by nra.
    assert (y * d * d <= y * d * y) by nra. assert (u * (y * d) <= y * d) by nra. nra. }
  apply exp_monotone in U. rewrite (exp_plus (u * y + y * y / 8) e) in U. fold X in U.
  assert (S1 := exp_small e He). assert (exp e <= 1 + 2 * e) by nra.
  assert (Near : D <= X * (1 + 2 * e)).
  { apply Rle_trans with (X * exp e); [exact (Rle_trans _ _ _ M U)|]. apply Rmult_le_compat_l; lra. }
  assert (Far : 2 * C * X < INR N * (D - X)).
  { replace (2 * C * X) with (2 * C * X / (D - X) * (D - X)) by (field; lra).
    apply Rmult_lt_compat_r; lra. }
  apply (Rmult_le_compat_l (INR N)) in Near; [|lra].
  replace (INR N * (X * (1 + 2 * e))) with (INR N * X + 2 * (INR N * e) * X) in Near by ring.
  rewrite Ee in Near. lra.
Qed.

Lemma hoeffding K p x low w eta : (forall k, (k < K)%nat -> 0 <= p k) -> sum K p = 1 ->
  (forall k, (k < K)%nat -> low <= x k <= low + w) -> 0 <= eta ->
  sum K (fun k => p k * exp (eta * x k))
  <= exp (eta * sum K (fun k => p k * x k) + eta * eta * (w * w) / 8).
Proof.
  intros P One X E. set (mu := sum K (fun k => p k * x k)).
  assert (Mu : low <= mu <= low + w).
  { unfold mu. split.
    - replace low with (sum K (fun k => low * p k)) by (rewrite sum_scal, One; ring).
      apply sum_le. intros k Hk. specialize (P k Hk). specialize (X k Hk). nra.
    - replace (low + w) with (sum K (fun k => (low + w) * p k)) by (rewrite sum_scal, One; ring).
      apply sum_le. intros k Hk. specialize (P k Hk). specialize (X k Hk). nra. }
  destruct (Rle_dec w 0) as [W|W].
  - replace (sum K _) with (sum K (fun k => exp (eta * low) * p k)).
    + rewrite sum_scal, One, Rmult_1_r. apply exp_monotone. nra.
    + apply sum_ext. intros k Hk. replace (x k) with low by (specialize (X k Hk); lra). ring.
  - set (u z := (z - low) / w).
    assert (Uz : forall z, u z * w = z - low) by (intros; unfold u; field; lra).
    assert (U1 : forall z, low <= z <= low + w -> 0 <= u z <= 1).
    { intros z Hz. split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
    apply Rle_trans with (exp (eta * low) * (1 - u mu + u mu * exp (eta * w))).
    + replace (exp (eta * low) * (1 - u mu + u mu * exp (eta * w))) with
        (sum K (fun k => p k * ((1 - u (x k)) * exp (eta * low)
                                + u (x k) * exp (eta * (low + w))))).
      * apply sum_le. intros k Hk. apply Rmult_le_compat_l; [apply P; auto|].
        eapply Rle_trans; [|apply exp_below_chord, U1, X; auto]. right. f_equal.
        transitivity (eta * (low + u (x k) * w)); [rewrite Uz|]; ring.
      * assert (Ub : u mu = sum K (fun k => p k * u (x k))).
        { apply Rmult_eq_reg_r with w; [|lra]. rewrite Uz, Rmult_comm, <- sum_scal. unfold mu.
          replace (sum K (fun k => w * (p k * u (x k)))) with
            (sum K (fun k => p k * x k - low * p k)).
          - rewrite sum_minus, sum_scal, One. ring.
          - apply sum_ext. intros k _. transitivity (p k * (u (x k) * w)); [rewrite Uz|]; ring. }
        rewrite Rmult_plus_distr_l, exp_plus.
        rewrite (sum_ext K _ (fun k => exp (eta * low) * (p k + (exp (eta * w) - 1) * (p k * u (x k))))).
        -- rewrite sum_scal, sum_plus, sum_scal, One, <- Ub. ring.
        -- intros k _. ring.
    + assert (A : 0 <= eta * w) by nra.
      assert (H := two_point_mgf (u mu) (eta * w) (U1 mu Mu) A).
      eapply Rle_trans; [apply Rmult_le_compat_l; [left; apply exp_pos|exact H]|].
      rewrite <- exp_plus. right. f_equal.
      replace (u mu * (eta * w)) with (eta * (u mu * w)) by ring. rewrite Uz. field.
Qed.

(* ------------------------------------------------------------------------- Hedge's potential *)

Lemma sum_swap n K (f : nat -> nat -> R) :
  sum n (fun i => sum K (f i)) = sum K (fun k => sum n (fun i => f i k)).
Proof.
  induction n; simpl.
  - rewrite sum_zero; auto.
  - rewrite IHn, <- sum_plus. reflexivity.
Qed.

Lemma weights_are_a_law K eta x t : (0 < K)%nat ->
  (forall k, (k < K)%nat -> 0 <= hedge_weight K eta x t k) /\ sum K (hedge_weight K eta x t) = 1.
Proof.
  intros K0. assert (P : 0 < sum K (fun j => exp (eta * earned x t j))).
  { apply sum_pos with (i := 0%nat); auto; intros; [left|]; apply exp_pos. }
  unfold hedge_weight. split.
  - intros k _. apply div_nonneg; auto. left. apply exp_pos.
  - unfold Rdiv. rewrite (sum_ext K _ (fun k => / sum K (fun j => exp (eta * earned x t j))
      * exp (eta * earned x t k))) by (intros; ring).
    rewrite sum_scal. field. lra.
Qed.

Lemma potential K eta (x : plan) low w : (0 < K)%nat -> 0 <= eta -> forall T,
  (forall t j, (t < T)%nat -> (j < K)%nat -> low <= x t j <= low + w) ->
  sum K (fun k => exp (eta * earned x T k))
  <= INR K * exp (eta * sum T (fun t => sum K (fun j => hedge_weight K eta x t j * x t j))
                  + INR T * (eta * eta * (w * w) / 8)).
Proof.
  intros K0 E. induction T; intros X.
  - unfold earned. simpl sum. simpl INR. rewrite (sum_ext K _ (fun _ => 1)).
    + rewrite sum_const. right. f_equal. replace (eta * 0 + 0 * _) with 0 by ring.
      rewrite exp_0. reflexivity.
    + intros k _. rewrite Rmult_0_r. apply exp_0.
  - assert (IH := IHT ltac:(intros; apply X; lia; auto)).
    set (Z := sum K (fun k => exp (eta * earned x T k))) in *.
    assert (Z0 : 0 < Z).
    { apply sum_pos with (i := 0%nat); auto; intros; [left|]; apply exp_pos. }
    destruct (weights_are_a_law K eta x T K0) as (P & One).
    assert (H := hoeffding K (hedge_weight K eta x T) (x T) low w eta P One
                   (fun k Hk => X T k (Nat.lt_succ_diag_r T) Hk) E).
    assert (Step : sum K (fun k => exp (eta * earned x (S T) k))
                   = Z * sum K (fun k => hedge_weight K eta x T k * exp (eta * x T k))).
    { rewrite <- sum_scal. apply sum_ext. intros k _. unfold hedge_weight. fold Z.
      unfold earned. simpl sum. rewrite Rmult_plus_distr_l, exp_plus. field. lra. }
    rewrite Step. simpl sum at 2. rewrite S_INR.
    eapply Rle_trans; [apply Rmult_le_compat_l; [lra|exact H]|].
    eapply Rle_trans; [apply Rmult_le_compat_r; [left; apply exp_pos|exact IH]|].
    rewrite Rmult_assoc, <- exp_plus. right. f_equal. f_equal. ring.
Qed.

Lemma N2_hedge : N2_hedge_statement.
Proof.
  intros T K eta L x low w k E Lg Hk X.
  assert (K0 : (0 < K)%nat) by lia.
  assert (P := potential K eta x low w K0 (Rlt_le _ _ E) T X).
  set (m := sum T (fun t => sum K (fun j => hedge_weight K eta x t j * x t j))) in *.
  rewrite <- Lg, <- exp_plus in P.
  assert (Q : exp (eta * earned x T k) <= sum K (fun k => exp (eta * earned x T k))).
  { apply (term_le_sum K (fun k => exp (eta * earned x T k))); auto. intros. left. apply exp_pos. }
  assert (Le := exp_reflects _ _ (Rle_trans _ _ _ Q P)). unfold earned in Le.
  apply Rmult_le_reg_l with eta; auto.
  replace (eta * (sum T (fun t => x t k) - L / eta - eta * INR T * (w * w) / 8)) with
    (eta * sum T (fun t => x t k) - L - INR T * (eta * eta * (w * w) / 8)) by (field; lra).
  lra.
Qed.

(* ------------------------------------------------------------------------- the grid of prices *)

Lemma at_price_grows n g h b tau tau' q : pool n g h -> tau <= tau' ->
  at_price n (stake g h) b tau q -> at_price n (stake g h) b tau' q.
Proof.
  intros P L (Q1 & Q2). split; auto. intros i Hi. specialize (Q1 i Hi).
  assert (M := share_monotone tau tau' (stake g h) i (pool_stakes n g h P i Hi) L). lra.
Qed.

Lemma at_price_of_dearest n g h b tau tau' q : pool n g h ->
  (forall i, (i < n)%nat -> stake g h i <= tau') ->
  at_price n (stake g h) b tau q -> at_price n (stake g h) b tau' q.
Proof.
  intros P L (Q1 & Q2). split; auto. intros i Hi. specialize (Q1 i Hi).
  rewrite share_of_light_stake by (auto; apply (pool_stakes n g h P i Hi)).
  assert (A := share_le_one tau (stake g h) i). lra.
Qed.

Lemma at_price_scaled n g h b tau r q : pool n g h -> 0 <= b -> 0 <= tau -> 0 <= r <= 1 ->
  at_price n (stake g h) b tau q -> at_price n (stake g h) b (r * tau) (fun i => r * q i).
Proof.
  intros P B T H (Q1 & Q2). split.
  - intros i Hi. specialize (Q1 i Hi). assert (S0 := pool_stakes n g h P i Hi).
    split; [apply Rmult_le_pos; lra|]. apply Rle_trans with (r * share tau (stake g h) i).
    + apply Rmult_le_compat_l; lra.
    + assert (A := share_nonneg tau (stake g h) i T S0).
      assert (C := share_le_one tau (stake g h) i). apply Rmin_glb; [nra|].
      unfold Rdiv. rewrite Rmult_assoc. apply Rmult_le_compat_l; [lra|]. apply Rmin_r.
  - rewrite sum_scal. assert (0 <= sum n q).
    { apply sum_nonneg. intros i Hi. apply Q1. exact Hi. }
    nra.
Qed.

Lemma last_below K (price : nat -> R) tau : (0 < K)%nat -> price 0%nat <= tau ->
  exists k, (k < K)%nat /\ price k <= tau /\ (S k = K \/ (S k < K)%nat /\ tau < price (S k)).
Proof.
  intros K0 L. induction K; [lia|]. destruct (Nat.eq_dec K 0) as [->|N].
  - exists 0%nat. auto.
  - destruct IHK as (k & Hk & Pk & [E|(Hs & Lt)]); [lia| |].
    + destruct (Rle_dec (price K) tau) as [C|C]; [exists K; auto|].
      exists k. subst K. split; [lia|]. split; [auto|]. right. split; [lia|lra].
    + exists k. split; [lia|]. split; [auto|]. right. split; [lia|auto].
Qed.

Section Grid.
Variables (T : nat) (n : nat -> nat) (N : R) (g h : plan) (b : nat -> R) (B G H : R).
Variables (K : nat) (price : nat -> R) (eps : R) (q : nat -> nat -> nat -> R).
Hypothesis in_pools : pools T n g h.
Hypothesis eps_pos : 0 < eps.
Hypothesis G_pos : 0 < G.
Hypothesis N_pos : 0 < N.
Hypothesis B_pos : 0 < B.
Hypothesis bounded : forall t, (t < T)%nat -> INR (n t) <= N /\ 0 <= b t <= B
  /\ forall i, (i < n t)%nat -> g t i <= G /\ h t i <= H.
Hypothesis on_grid : grid K price eps (eps * B * G / N) (G + H).
Hypothesis at_grid : price_designs T n g (stakes g h) b K price q.
Definition total_at (k : nat) : R := sum T (fun t => sum (n t) (fun i => q t k i * g t i)).

Lemma prices_positive k : (k < K)%nat -> 0 < price k.
Proof.
  destruct on_grid as (_ & P0 & _ & Up). induction k; intros Hk; [lra|].
  assert (price k < price (S k)) by (apply Up; auto). assert (0 < price k) by (apply IHk; lia). lra.
Qed.

Lemma earned_at_most t p : (t < T)%nat -> capped (n t) (b t) p ->
  sum (n t) (fun i => p i * g t i) <= B * G.
Proof.
  intros Ht (P1 & P2). destruct (bounded t Ht) as (_ & Bt & Lim).
  apply Rle_trans with (G * sum (n t) p); [|nra]. rewrite <- sum_scal. apply sum_le.
  intros i Hi. specialize (P1 i Hi). destruct (Lim i Hi). nra.
Qed.

(* One price of the grid earns nearly as much as any price. *)
Lemma grid_is_near tau a M : 0 <= tau -> 0 <= M <= INR T * N ->
  (forall t, (t < T)%nat -> most_at_price (n t) (g t) (stakes g h t) (b t) tau (a t)) ->
  exists k, (k < K)%nat
    /\ sum T a - tau * M - eps * INR T * B * G <= total_at k - price k * M.
Proof.
  intros T0 HM A. destruct on_grid as (K0 & P0 & Top & Up).
  assert (BG : 0 <= eps * B * G) by (apply Rmult_le_pos; nra).
  destruct (Rle_dec (price 0%nat) tau) as [C|C].
  - destruct (last_below K price tau K0 C) as (k & Hk & Pk & Last).
    exists k. split; [exact Hk|]. assert (Pp := prices_positive k Hk).
    assert (Cost : price k * M <= tau * M) by (apply Rmult_le_compat_r; lra).
    assert (Earn : sum T a - eps * INR T * B * G <= total_at k); [|lra].
    replace (eps * INR T * B * G) with (sum T (fun _ => eps * B * G)) by (rewrite sum_const; ring).
    rewrite <- sum_minus. unfold total_at. apply sum_le. intros t Ht.
    destruct (A t Ht) as (_ & p & Q & <-). destruct (at_grid t k Ht Hk) as (_ & Best & _).
    destruct (bounded t Ht) as (_ & Bt & Lim).
    destruct Last as [E|(Hs & Lt)].
    + (* the top price: every stake is below it *)
      apply Rle_trans with (sum (n t) (fun i => p i * g t i)); [lra|]. apply Best.
      apply (at_price_of_dearest (n t) (g t) (h t) (b t) tau); auto.
      intros i Hi. destruct (Lim i Hi). replace k with (K - 1)%nat by lia. unfold stake. lra.
    + set (r := price k / tau). assert (Er : r * tau = price k) by (unfold r; field; lra).
      assert (Hr : 0 <= r <= 1).
      { split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
      assert (Near : 1 - eps <= r).
      { destruct (Up k Hs) as (_ & U). assert ((1 + eps) * r * tau >= 1 * tau) by (rewrite Rmult_assoc, Er; lra).
        assert (1 <= (1 + eps) * r) by (apply Rmult_le_reg_r with tau; lra). nra. }
      assert (W := earned_at_most t p Ht (at_price_is_capped _ _ _ _ _ Q)).
      set (e := sum (n t) (fun i => p i * g t i)) in *.
      assert (E0 : 0 <= e).
      { apply sum_nonneg. intros i Hi. destruct Q as (Q1 & _). specialize (Q1 i Hi).
        destruct (in_pools t Ht i Hi). nra. }
      apply Rle_trans with (r * e); [nra|]. unfold e. rewrite <- sum_scal.
      rewrite (sum_ext (n t) _ (fun i => r * p i * g t i)) by (intros; ring).
      apply Best. rewrite <- Er. apply at_price_scaled; auto; lra.
  - exists 0%nat. split; [exact K0|].
    assert (Earn : sum T a <= total_at 0).
    { unfold total_at. apply sum_le. intros t Ht. destruct (A t Ht) as (_ & p & Q & <-).
      destruct (at_grid t 0%nat Ht K0) as (_ & Best & _). apply Best.
      apply (at_price_grows (n t) (g t) (h t) (b t) tau); auto. lra. }
    assert (0 <= tau * M) by (apply Rmult_le_pos; lra).
    assert (price 0%nat * M <= eps * B * G / N * (INR T * N)).
    { apply Rmult_le_compat; lra. }
    replace (eps * B * G / N * (INR T * N)) with (eps * INR T * B * G) in * by (field; lra). lra.
Qed.

Lemma payoffs_in_width t k l : (t < T)%nat -> (k < K)%nat -> unit_box (n t) l -> 0 <= H ->
  - (B * H) <= payoff (n t) (g t) (stakes g h t) (q t k) l <= - (B * H) + B * (G + H).
Proof.
  intros Ht Hk L H0. destruct (at_grid t k Ht Hk) as ((Q1 & Q2) & _).
  destruct (bounded t Ht) as (_ & Bt & Lim). unfold payoff.
  assert (Pt : forall i, (i < n t)%nat -> - H * q t k i
    <= q t k i * (g t i - stakes g h t i * l i) <= G * q t k i).
  { intros i Hi. specialize (Q1 i Hi). specialize (L i Hi). destruct (Lim i Hi) as (Lg & Lh).
    destruct (in_pools t Ht i Hi) as (G0 & Hh0). unfold stakes, stake.
    assert (- H <= g t i - (g t i + h t i) * l i <= G) by nra. nra. }
  assert (Q0 : 0 <= sum (n t) (q t k)) by (apply sum_nonneg; intros i Hi; apply Q1; auto).
  split.
  - apply Rle_trans with (- H * sum (n t) (q t k)); [nra|]. rewrite <- sum_scal. apply sum_le.
    intros i Hi. apply Pt. exact Hi.
  - apply Rle_trans with (G * sum (n t) (q t k)); [|nra]. rewrite <- sum_scal. apply sum_le.
    intros i Hi. apply Pt. exact Hi.
Qed.
End Grid.

(* A mixture of designs is one, and earns the mixture of what they earn. *)
Lemma mixture_is_design n b K w (q : nat -> nat -> R) : (forall k, (k < K)%nat -> 0 <= w k) ->
  sum K w = 1 -> (forall k, (k < K)%nat -> capped n b (q k)) ->
  capped n b (fun i => sum K (fun k => w k * q k i)).
Proof.
  intros W One Q. split.
  - intros i Hi. split.
    + apply sum_nonneg. intros k Hk. destruct (Q k Hk) as (Q1 & _). specialize (Q1 i Hi).
      specialize (W k Hk). nra.
    + rewrite <- One. apply sum_le. intros k Hk. destruct (Q k Hk) as (Q1 & _).
      specialize (Q1 i Hi). specialize (W k Hk). nra.
  - rewrite sum_swap. apply Rle_trans with (sum K (fun k => b * w k)).
    + apply sum_le. intros k Hk. rewrite sum_scal. destruct (Q k Hk) as (_ & Q2).
      specialize (W k Hk). nra.
    + rewrite sum_scal, One. lra.
Qed.

Lemma mixture_earns n g s l K w (q : nat -> nat -> R) :
  payoff n g s (fun i => sum K (fun k => w k * q k i)) l
  = sum K (fun k => w k * payoff n g s (q k) l).
Proof.
  unfold payoff. rewrite (sum_ext n _ (fun i => sum K (fun k => w k * (q k i * (g i - s i * l i))))).
  - rewrite sum_swap. apply sum_ext. intros k _. rewrite sum_scal. reflexivity.
  - intros i _. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros. ring.
Qed.

(* The rate of the statement balances the two terms of the bound. *)
Lemma balanced_rate t L w : 0 < t -> 0 < L -> 0 < w ->
  let eta := sqrt (8 * L / t) / w in
  0 < eta /\ L / eta + eta * t * (w * w) / 8 = w * sqrt (t * L / 2).
Proof.
  intros T0 L0 W0 eta. set (z := sqrt (8 * L / t)) in *.
  assert (Y : 0 < 8 * L / t) by (apply Rdiv_lt_0_compat; lra).
  assert (Z0 : 0 < z) by (apply sqrt_lt_R0; auto).
  assert (Z2 : z * z = 8 * L / t) by (apply sqrt_sqrt; lra).
  assert (El : L = z * z * t / 8) by (rewrite Z2; field; lra).
  assert (Y2 : 0 <= t * L / 2) by (apply div_nonneg; nra).
  assert (Root : sqrt (t * L / 2) = z * t / 4).
  { assert (A := sqrt_pos (t * L / 2)). assert (C := sqrt_sqrt _ Y2).
    set (r := sqrt (t * L / 2)) in *. assert (D : 0 < z * t / 4) by (apply Rdiv_lt_0_compat; nra).
    set (p := z * t / 4) in *. assert (r * r = p * p).
    { rewrite C, El. unfold p. field. }
    assert ((r - p) * (r + p) = 0) by lra.
    destruct (Rmult_integral _ _ H0); lra. }
  unfold eta. split; [apply Rdiv_lt_0_compat; auto|]. rewrite Root, El. field. lra.
Qed.

Lemma log_nonneg K L : (0 < K)%nat -> exp L = INR K -> 0 <= L /\ (L = 0 -> K = 1%nat).
Proof.
  intros K0 E. split.
  - apply exp_reflects. rewrite exp_0, E. apply (le_INR 1). lia.
  - intros Z. rewrite Z, exp_0 in E. apply INR_eq. simpl. lra.
Qed.

Lemma total_mistakes_bounded T n N l : (forall t, (t < T)%nat -> INR (n t) <= N) ->
  (forall t, (t < T)%nat -> unit_box (n t) (l t)) -> 0 <= total_mistakes T n l <= INR T * N.
Proof.
  intros Nn L. unfold total_mistakes. split.
  - apply sum_nonneg. intros t Ht. apply sum_nonneg. intros i Hi. apply (L t Ht i Hi).
  - rewrite <- sum_const. apply sum_le. intros t Ht. eapply Rle_trans; [|apply (Nn t Ht)].
    replace (INR (n t)) with (sum (n t) (fun _ => 1)) by (rewrite sum_const; ring).
    apply sum_le. intros i Hi. apply (L t Ht i Hi).
Qed.

(* Hedge's bound at the rate of the statement; with one price there is nothing to learn. *)
Lemma hedge_at_rate T K L (x : plan) low w k : (0 < T)%nat -> exp L = INR K -> 0 < w ->
  (k < K)%nat -> (forall t j, (t < T)%nat -> (j < K)%nat -> low <= x t j <= low + w) ->
  let eta := sqrt (8 * L / INR T) / w in
  sum T (fun t => x t k) - w * sqrt (INR T * L / 2)
  <= sum T (fun t => sum K (fun j => hedge_weight K eta x t j * x t j)).
Proof.
  intros T0 E W Hk X eta. destruct (log_nonneg K L) as (L0 & One); auto; [lia|].
  assert (Tp : 0 < INR T) by (apply lt_0_INR; auto).
  destruct (Rle_lt_or_eq_dec 0 L L0) as [Lp|Lz].
  - destruct (balanced_rate (INR T) L w Tp Lp W) as (Ep & Eq). fold eta in Ep, Eq.
    assert (B := N2_hedge T K eta L x low w k Ep E Hk X). lra.
  - assert (K = 1%nat) by (apply One; lra). subst K. assert (k = 0%nat) by lia. subst k.
    rewrite <- Lz. replace (INR T * 0 / 2) with 0 by field. rewrite sqrt_0, Rmult_0_r, Rminus_0_r.
    apply sum_le. intros t _. destruct (weights_are_a_law 1 eta x t) as (_ & Wt); [lia|].
    simpl in *. rewrite Rplus_0_l in Wt. rewrite Wt. lra.
Qed.

Lemma N2 : N2_statement.
Proof.
  intros T n N g h b B G H K L price eps q l v T0 E P Ep B0 N0 G0 H0 Lim s Gr Des Box eta x mixed V.
  assert (K0 : (0 < K)%nat) by apply Gr.
  assert (HM := total_mistakes_bounded T n N l (fun t Ht => proj1 (Lim t Ht)) Box).
  assert (Wd : 0 < B * (G + H)) by (apply Rmult_lt_0_compat; lra).
  assert (Bd : forall t, (t < T)%nat -> 0 <= b t) by (intros t Ht; destruct (Lim t Ht); lra).
  assert (Law := fun t => weights_are_a_law K eta x t K0). split.
  - intros t Ht. destruct (Law t) as (Lw & One). apply mixture_is_design; auto.
    intros k Hk. destruct (Des t k Ht Hk) as (D & _). eapply at_price_is_capped. exact D.
  - destruct (some_price_reaches_value T n g h b _ v P Bd (proj1 HM) V) as (tau & a & Tau & A & Le).
    destruct (grid_is_near T n N g h b B G H K price eps q P Ep G0 N0 B0 Lim Gr Des tau a
                (total_mistakes T n l) Tau HM A) as (k & Hk & Near).
    assert (In_width : forall t j, (t < T)%nat -> (j < K)%nat ->
      - (B * H) <= x t j <= - (B * H) + B * (G + H)).
    { intros t j Ht Hj. apply (payoffs_in_width T n N g h b B G H K price q P G0 Lim Des
                                 t j (l t) Ht Hj (Box t Ht) H0). }
    assert (Hedge := hedge_at_rate T K L x _ _ k T0 E Wd Hk In_width). fold eta in Hedge.
    assert (Safe : total_at T n g q k - price k * total_mistakes T n l <= sum T (fun t => x t k)).
    { unfold total_at, total_mistakes. rewrite <- sum_scal, <- sum_minus. apply sum_le.
      intros t Ht. apply N1_guarantee with (b := b t); auto.
      - apply pool_stakes. apply P. exact Ht.
      - apply Des; auto. }
    replace (plans_payoff T n g s mixed l) with
      (sum T (fun t => sum K (fun j => hedge_weight K eta x t j * x t j))); [lra|].
    apply sum_ext. intros t _. symmetry. apply mixture_earns.
Qed.
