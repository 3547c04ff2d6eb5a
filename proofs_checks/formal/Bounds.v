(* Hoeffding's lemma for finite laws, and the lower tail of the mean of independent draws, S2. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums Growth.
Open Scope R_scope.

(* ------------------------------------------------ two values: 1 - p + p e^u <= e^(pu + u^2/8) *)

Section TwoValues.
Variable p : R.
Hypothesis P : 0 <= p <= 1.
Let D (u : R) : R := 1 - p + p * exp u.

Lemma mixture_positive u : 0 < D u.
Proof.
  unfold D. assert (E := exp_pos u). assert (0 <= p * exp u) by (apply Rmult_le_pos; lra).
  destruct (Req_dec p 1) as [->|N]; lra.
Qed.

Lemma mixture_derivative u : derivable_pt_lim D u (p * exp u).
Proof.
  replace (p * exp u) with (0 + p * exp u) by lra.
  apply (derivable_pt_lim_plus (fct_cte (1 - p)) (mult_real_fct p exp)).
  - apply derivable_pt_lim_const.
  - apply derivable_pt_lim_scal, derivable_pt_lim_exp.
Qed.

Lemma slope_bound u : 0 <= u -> p * exp u / D u <= p + u / 4.
Proof.
  intros U.
  set (F := fun x => p + 1 / 4 * x - p * exp x / D x).
  set (F' := fun x => 0 + 1 / 4 - (p * exp x * D x - p * exp x * (p * exp x)) / (D x)²).
  assert (L : F 0 <= F u).
  { apply (growth F F'); [| |exact U].
    - intros c _.
      apply (derivable_pt_lim_minus (fun x => p + 1 / 4 * x) (fun x => p * exp x / D x)).
      + apply (derivable_pt_lim_plus (fct_cte p) (fun x => 1 / 4 * x)).
        * apply derivable_pt_lim_const.
        * apply linear_derivative.
      + apply (derivable_pt_lim_div (fun x => p * exp x) D).
        * apply (derivable_pt_lim_scal exp), derivable_pt_lim_exp.
        * apply mixture_derivative.
        * assert (H := mixture_positive c). lra.
    - intros c _. unfold F'. assert (H := mixture_positive c).
      assert (Q : 0 < (D c)²) by (apply Rlt_0_sqr; lra).
      assert ((p * exp c * D c - p * exp c * (p * exp c)) / (D c)² <= 1 / 4); [|lra].
      apply div_le_iff_le_mult; [exact Q|]. unfold Rsqr, D.
      assert (Z := Rle_0_sqr (1 - p - p * exp c)). unfold Rsqr in Z. lra. }
  assert (F 0 = 0).
  { unfold F, D. rewrite exp_0. replace (1 - p + p * 1) with 1 by lra. lra. }
  unfold F in L at 2. lra.
Qed.

Lemma two_values_nonneg u : 0 <= u -> D u <= exp (p * u + u ^ 2 / 8).
Proof.
  intros U. set (z := fun x => - (p * x + 1 / 8 * (x * x))).
  set (z' := fun x => - (p + 1 / 8 * (1 * x + x * 1))).
  set (F := fun x => - (D x * exp (z x))).
  set (F' := fun x => - (p * exp x * exp (z x) + D x * (exp (z x) * z' x))).
  assert (L : F 0 <= F u).
  { apply (growth F F'); [| |exact U].
    - intros c _. apply (derivable_pt_lim_opp (fun x => D x * exp (z x))).
      apply (derivable_pt_lim_mult D (fun x => exp (z x))); [apply mixture_derivative|].
      apply (derivable_pt_lim_comp z exp); [|apply derivable_pt_lim_exp].
      apply (derivable_pt_lim_opp (fun x => p * x + 1 / 8 * (x * x))).
      apply (derivable_pt_lim_plus (fun x => p * x) (fun x => 1 / 8 * (x * x)));
        [apply linear_derivative|].
      apply (derivable_pt_lim_scal (fun x => x * x)).
      apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
    - intros c [C _]. unfold F'. assert (B := slope_bound c C).
      apply div_le_iff_le_mult in B; [|apply mixture_positive].
      replace (- (p * exp c * exp (z c) + D c * (exp (z c) * z' c)))
        with (exp (z c) * ((p + c / 4) * D c - p * exp c)) by (unfold z'; field).
      apply Rmult_le_pos; [left; apply exp_pos|lra]. }
  assert (Z : F 0 = -1).
  { unfold F, z, D. replace (- (p * 0 + 1 / 8 * (0 * 0))) with 0 by ring. rewrite exp_0. ring. }
  replace (p * u + u ^ 2 / 8) with (- z u) by (unfold z; field). rewrite exp_Ropp.
  apply (Rmult_le_reg_r (exp (z u))); [apply exp_pos|].
  rewrite Rinv_l by (assert (E := exp_pos (z u)); lra). unfold F in L at 2. lra.
Qed.
End TwoValues.

Lemma two_values p u : 0 <= p <= 1 -> 1 - p + p * exp u <= exp (p * u + u ^ 2 / 8).
Proof.
  intros P. destruct (Rle_dec 0 u) as [U|U]; [apply two_values_nonneg; assumption|].
  assert (B := two_values_nonneg (1 - p) ltac:(lra) (- u) ltac:(lra)).
  apply (Rmult_le_compat_l (exp u)) in B; [|left; apply exp_pos].
  rewrite <- exp_plus in B. rewrite exp_Ropp in B.
  replace (u + ((1 - p) * - u + (- u) ^ 2 / 8)) with (p * u + u ^ 2 / 8) in B by field.
  apply Rle_trans with (2 := B). right. assert (E := exp_pos u). field. lra.
Qed.

(* ------------------------------------------------------------------ finite laws; convexity *)

Lemma exp_above_tangent a x : exp a * (1 + (x - a)) <= exp x.
Proof.
  replace (exp x) with (exp a * exp (x - a)) by (rewrite <- exp_plus; f_equal; lra).
  apply Rmult_le_compat_l; [left; apply exp_pos|]. apply exp_above_line.
Qed.

(* The chord from low to high lies above exp. *)
Lemma exp_below_chord x y w : 0 <= w <= 1 ->
  exp ((1 - w) * x + w * y) <= (1 - w) * exp x + w * exp y.
Proof.
  intros W. set (a := (1 - w) * x + w * y).
  assert (A := exp_above_tangent a x). assert (B := exp_above_tangent a y).
  apply (Rmult_le_compat_l (1 - w)) in A; [|lra]. apply (Rmult_le_compat_l w) in B; [|lra].
  assert (E : exp a = (1 - w) * (exp a * (1 + (x - a))) + w * (exp a * (1 + (y - a))))
    by (unfold a; ring).
  lra.
Qed.

Lemma average_monotone n p f g : nonneg n p ->
  (forall i, (i < n)%nat -> 0 < p i -> f i <= g i) -> average n p f <= average n p g.
Proof.
  intros P L. apply sum_le. intros i Hi. assert (Z := P i Hi).
  destruct (Req_dec (p i) 0) as [->|N]; [lra|]. apply Rmult_le_compat_l; [exact Z|].
  apply L; [exact Hi|lra].
Qed.

Lemma average_affine n p f a b : sum n p = 1 ->
  average n p (fun i => a + b * f i) = a + b * average n p f.
Proof.
  intros E. unfold average.
  rewrite (sum_ext n _ (fun i => a * p i + b * (p i * f i))) by (intros; ring).
  rewrite sum_plus, !sum_scal, E. ring.
Qed.

Lemma average_const n p a : sum n p = 1 -> average n p (fun _ => a) = a.
Proof. intros E. transitivity (a + 0 * average n p (fun _ => a)); [|ring].
  rewrite <- average_affine by exact E. apply sum_ext. intros. ring.
Qed.

Lemma average_within n p x low high : forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) -> low <= average n p x <= high.
Proof.
  intros [P E] B. split.
  - rewrite <- (average_const n p low E). apply average_monotone; [exact P|]. intros. apply B; auto.
  - rewrite <- (average_const n p high E). apply average_monotone; [exact P|].
    intros. apply B; auto.
Qed.

Lemma hoeffding_wide n p x low high t : forced n 1 p -> low < high ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  average n p (fun i => exp (t * (x i - average n p x))) <= exp (t ^ 2 * (high - low) ^ 2 / 8).
Proof.
  intros F W B. assert (M := average_within n p x low high F B). destruct F as [P E].
  set (mu := average n p x) in *. set (w := fun y => (y - low) / (high - low)).
  assert (Wd : forall y, low <= y <= high -> 0 <= w y <= 1).
  { intros y Y. unfold w. split; [apply div_nonneg; lra|].
    apply div_le_iff_le_mult; lra. }
  set (X := exp (t * (low - mu))). set (Y := exp (t * (high - mu))).
  apply Rle_trans with (average n p (fun i => X + (Y - X) * w (x i))).
  - apply average_monotone; [exact P|]. intros i Hi Pi.
    assert (C := exp_below_chord (t * (low - mu)) (t * (high - mu)) (w (x i)) (Wd _ (B i Hi Pi))).
    fold X Y in C.
    replace ((1 - w (x i)) * (t * (low - mu)) + w (x i) * (t * (high - mu)))
      with (t * (x i - mu)) in C by (unfold w; field; lra).
    lra.
  - rewrite average_affine by exact E.
    assert (Ew : average n p (fun i => w (x i)) = w mu).
    { unfold w at 2. replace ((mu - low) / (high - low))
        with (- low / (high - low) + / (high - low) * mu) by (field; lra).
      unfold mu. rewrite <- average_affine by exact E. apply sum_ext. intros. unfold w. field. lra. }
    rewrite Ew. set (u := t * (high - low)).
    assert (T := two_values (w mu) u (Wd mu M)).
    apply (Rmult_le_compat_l X) in T; [|left; apply exp_pos].
    assert (EY : Y = X * exp u).
    { unfold X, Y, u. rewrite <- exp_plus. f_equal. ring. }
    unfold X in T at 2. rewrite <- exp_plus in T.
    replace (t * (low - mu) + (w mu * u + u ^ 2 / 8)) with (t ^ 2 * (high - low) ^ 2 / 8) in T
      by (unfold w, u; field; lra).
    rewrite EY. lra.
Qed.

Lemma hoeffding_lemma : hoeffding_lemma_statement.
Proof.
  intros n p x low high t F B. assert (M := average_within n p x low high F B).
  destruct (Rlt_dec low high) as [W|W]; [apply hoeffding_wide; assumption|].
  destruct F as [P E]. rewrite <- (average_const n p (exp _) E).
  apply average_monotone; [exact P|]. intros i Hi Pi. specialize (B i Hi Pi). apply exp_le.
  replace (x i - average n p x) with 0 by lra. replace (high - low) with 0 by lra.
  apply Req_le. field.
Qed.

(* -------------------------------------------------------------------- independent draws *)

Lemma over_draws_le n p k : nonneg n p -> forall F G,
  (forall drawn, length drawn = k -> (forall i, In i drawn -> (i < n)%nat) -> F drawn <= G drawn) ->
  over_draws n p k F <= over_draws n p k G.
Proof.
  intros P. induction k; intros F G L; simpl.
  - apply L; [reflexivity|]. intros i [].
  - apply sum_le. intros i Hi. apply Rmult_le_compat_l; [exact (P i Hi)|].
    apply IHk. intros drawn Len Below. apply L; [simpl; congruence|].
    intros j [<-|J]; [exact Hi|apply Below, J].
Qed.

Lemma over_draws_ext n p k : forall F G, (forall drawn, F drawn = G drawn) ->
  over_draws n p k F = over_draws n p k G.
Proof.
  induction k; intros F G E; simpl; [apply E|].
  apply sum_ext. intros i Hi. f_equal. apply IHk. intros. apply E.
Qed.

Lemma over_draws_scal n p k c : forall F,
  over_draws n p k (fun drawn => c * F drawn) = c * over_draws n p k F.
Proof.
  induction k; intros F; simpl; [reflexivity|]. rewrite <- sum_scal. apply sum_ext.
  intros i Hi. rewrite IHk. ring.
Qed.

Lemma over_draws_exp n p k x :
  over_draws n p k (fun drawn => exp (total x drawn)) = average n p (fun i => exp (x i)) ^ k.
Proof.
  induction k; simpl; [apply exp_0|].
  rewrite <- IHk. unfold average. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros i Hi.
  rewrite (over_draws_ext n p k _ (fun drawn => exp (x i) * exp (total x drawn))).
  - rewrite over_draws_scal. ring.
  - intros drawn. unfold total. simpl. apply exp_plus.
Qed.

(* Markov's inequality for exp(- r * total), centred at mu. *)
Lemma chernoff n p k x y r mu : nonneg n p -> 0 <= r -> (0 < k)%nat ->
  chance_below n p k x y
  <= exp (r * (INR k * (y - mu))) * average n p (fun i => exp (- r * (x i - mu))) ^ k.
Proof.
  intros P Hr K. rewrite <- over_draws_exp, <- over_draws_scal. apply over_draws_le; [exact P|].
  intros drawn Len _. rewrite <- exp_plus.
  assert (Pk : 0 < INR k) by (apply lt_0_INR; exact K).
  assert (T : total (fun i => - r * (x i - mu)) drawn = r * (INR k * mu - total x drawn)).
  { rewrite <- Len. clear. unfold total. induction drawn; [simpl; ring|].
    change (length (a :: drawn)) with (S (length drawn)). rewrite S_INR. simpl. rewrite IHdrawn.
    ring. }
  rewrite T. destruct (Rle_dec (total x drawn / INR k) y) as [B|_]; [|left; apply exp_pos].
  apply div_le_iff_le_mult in B; [|exact Pk]. rewrite <- exp_0. apply exp_le.
  replace (r * (INR k * (y - mu)) + r * (INR k * mu - total x drawn))
    with (r * (y * INR k - total x drawn)) by ring.
  apply Rmult_le_pos; lra.
Qed.

Lemma exp_power x k : exp x ^ k = exp (INR k * x).
Proof.
  induction k; [simpl; rewrite Rmult_0_l, exp_0; reflexivity|].
  rewrite S_INR, Rmult_plus_distr_r, exp_plus, Rmult_1_l. simpl. rewrite IHk. ring.
Qed.

Lemma hoeffding_draws : hoeffding_draws_statement.
Proof.
  intros n p x low high k t F B W K T.
  set (mu := average n p x). set (r := 4 * t / (high - low) ^ 2).
  assert (W2 : 0 < (high - low) ^ 2) by (apply pow_lt; lra).
  assert (Hr : 0 <= r) by (apply div_nonneg; lra).
  apply Rle_trans with (1 := chernoff n p k x (mu - t) r mu (proj1 F) Hr K).
  assert (L := hoeffding_lemma n p x low high (- r) F B). fold mu in L.
  assert (Z : 0 <= average n p (fun i => exp (- r * (x i - mu)))).
  { apply sum_nonneg. intros i Hi. apply Rmult_le_pos; [apply F, Hi|left; apply exp_pos]. }
  apply (fun H => pow_incr _ _ k (conj Z H)) in L. rewrite exp_power in L.
  apply (Rmult_le_compat_l (exp (r * (INR k * (mu - t - mu))))) in L; [|left; apply exp_pos].
  rewrite <- exp_plus in L. apply Rle_trans with (1 := L). apply Req_le. f_equal.
  unfold r. field. lra.
Qed.

Lemma S2 : S2_statement.
Proof.
  intros n g h p l k t top worst G F U B K T s x.
  assert (E : payoff n g s p l = average n p x) by reflexivity. rewrite E.
  destruct (positive_term_of_sum n p) as (j & Hj & Pj); [destruct F; lra|].
  destruct (B j Hj Pj) as [Bj1 Bj2]. destruct (G j Hj) as [Gj Hj'].
  replace (top + worst) with (top - - worst) by ring.
  apply hoeffding_draws; try assumption; [|lra].
  intros i Hi Pi. destruct (B i Hi Pi). destruct (G i Hi) as [Gi Hh]. destruct (U i Hi) as [L0 L1].
  unfold x, s, stake.
  assert (0 <= g i * l i) by (apply Rmult_le_pos; lra).
  assert (0 <= h i * l i) by (apply Rmult_le_pos; lra).
  assert (0 <= (g i + h i) * (1 - l i)) by (apply Rmult_le_pos; lra). lra.
Qed.
