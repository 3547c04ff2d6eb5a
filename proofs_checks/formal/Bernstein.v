(* Bernstein's form of the lower tail of the mean of independent draws, S2. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums Growth Bounds.
Open Scope R_scope.

(* ------------------------------------------------------ exp x <= 1 + x + x^2 / (2 (1 - c/3)) *)

Lemma exp_quadratic_nonpos x : x <= 0 -> exp x <= 1 + x + x ^ 2 / 2.
Proof.
  intros X. set (F := fun u => 1 * u + 1 / 2 * (u * u) - exp u).
  set (F' := fun u => 1 + 1 / 2 * (1 * u + u * 1) - exp u).
  assert (L : - F x <= - F 0).
  { apply (growth (fun u => - F u) (fun u => - F' u)); [| |exact X].
    - intros c _. apply (derivable_pt_lim_opp F).
      apply (derivable_pt_lim_minus (fun u => 1 * u + 1 / 2 * (u * u)) exp);
        [|apply derivable_pt_lim_exp].
      apply (derivable_pt_lim_plus (fun u => 1 * u) (fun u => 1 / 2 * (u * u)));
        [apply linear_derivative|].
      apply (derivable_pt_lim_scal (fun u => u * u)).
      apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
    - intros c _. unfold F'. assert (H := exp_above_line c). lra. }
  unfold F in L. rewrite exp_0 in L. replace (x ^ 2 / 2) with (1 / 2 * (x * x)) by field. lra.
Qed.

Lemma times_exp_derivative a b c :
  derivable_pt_lim (fun u => (a + b * u) * exp u) c (b * exp c + (a + b * c) * exp c).
Proof.
  apply (derivable_pt_lim_mult (fun u => a + b * u) exp); [|apply derivable_pt_lim_exp].
  assert (H : derivable_pt_lim (fun u => a + b * u) c (0 + b)).
  { apply (derivable_pt_lim_plus (fct_cte a) (fun u => b * u)).
    - apply derivable_pt_lim_const.
    - apply linear_derivative. }
  rewrite Rplus_0_l in H. exact H.
Qed.

Lemma exp_times_line x : 0 <= x -> (2 + -1 * x) * exp x <= 2 + x.
Proof.
  intros X. set (F := fun u => 1 * u - (2 + -1 * u) * exp u).
  assert (L : F 0 <= F x).
  { apply (growth F (fun u => 1 - (-1 * exp u + (2 + -1 * u) * exp u))); [| |exact X].
    - intros c _. apply (derivable_pt_lim_minus (fun u => 1 * u)).
      + apply linear_derivative.
      + apply times_exp_derivative.
    - intros c _. assert (H := exp_above_line (- c)). rewrite exp_Ropp in H.
      assert (E := exp_pos c). apply (Rmult_le_compat_r (exp c)) in H; [|lra].
      rewrite Rinv_l in H by lra. lra. }
  unfold F in L. rewrite exp_0 in L. lra.
Qed.

Lemma exp_cubic x : 0 <= x -> (1 + -1 / 3 * x) * exp x <= 1 + 2 / 3 * x + 1 / 6 * (x * x).
Proof.
  intros X. set (F := fun u => 2 / 3 * u + 1 / 6 * (u * u) - (1 + -1 / 3 * u) * exp u).
  set (F' := fun u => 2 / 3 + 1 / 6 * (1 * u + u * 1)
                      - (-1 / 3 * exp u + (1 + -1 / 3 * u) * exp u)).
  assert (L : F 0 <= F x).
  { apply (growth F F'); [| |exact X].
    - intros c _. apply (derivable_pt_lim_minus (fun u => 2 / 3 * u + 1 / 6 * (u * u))).
      + apply (derivable_pt_lim_plus (fun u => 2 / 3 * u) (fun u => 1 / 6 * (u * u)));
          [apply linear_derivative|].
        apply (derivable_pt_lim_scal (fun u => u * u)).
        apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
      + apply times_exp_derivative.
    - intros c [C _]. unfold F'. assert (H := exp_times_line c C). lra. }
  unfold F in L. rewrite exp_0 in L. lra.
Qed.

Lemma exp_bernstein x c : x <= c -> 0 <= c < 3 -> exp x <= 1 + x + / (2 * (1 - c / 3)) * x ^ 2.
Proof.
  intros L C. assert (P : 0 < 2 * (1 - c / 3) <= 2) by lra.
  assert (X2 := pow2_ge_0 x).
  destruct (Rle_dec 0 x) as [X|X].
  - assert (H := exp_cubic x X). assert (Q : 0 < 2 * (1 - x / 3)) by lra.
    assert (Inv : / (2 * (1 - x / 3)) <= / (2 * (1 - c / 3))) by (apply Rinv_le_contravar; lra).
    apply (Rmult_le_compat_r (x ^ 2)) in Inv; [|exact X2].
    assert (exp x <= 1 + x + / (2 * (1 - x / 3)) * x ^ 2); [|lra].
    apply (Rmult_le_reg_l (1 + -1 / 3 * x)); [lra|]. apply Rle_trans with (1 := H).
    right. field. lra.
  - assert (H := exp_quadratic_nonpos x ltac:(lra)).
    assert (Inv : / 2 <= / (2 * (1 - c / 3))) by (apply Rinv_le_contravar; lra).
    apply (Rmult_le_compat_r (x ^ 2)) in Inv; [|exact X2]. lra.
Qed.

(* ------------------------------------------------------------------------------- the tail *)

Lemma average_plus n p f g :
  average n p (fun i => f i + g i) = average n p f + average n p g.
Proof. unfold average. rewrite <- sum_plus. apply sum_ext. intros. ring. Qed.

Lemma average_scal n p c f : average n p (fun i => c * f i) = c * average n p f.
Proof. unfold average. rewrite <- sum_scal. apply sum_ext. intros. ring. Qed.

Lemma average_ext n p f g : (forall i, (i < n)%nat -> f i = g i) -> average n p f = average n p g.
Proof. intros E. apply sum_ext. intros i Hi. rewrite E by exact Hi. reflexivity. Qed.

Lemma variance_nonneg n p x : nonneg n p -> 0 <= variance n p x.
Proof. intros P. apply sum_nonneg. intros. apply Rmult_le_pos; [auto|apply pow2_ge_0]. Qed.

Lemma bernstein_moment n p x low high r : forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  0 <= r -> r * (high - low) < 3 -> low <= high ->
  average n p (fun i => exp (- r * (x i - average n p x)))
  <= exp (r ^ 2 * / (2 * (1 - r * (high - low) / 3)) * variance n p x).
Proof.
  intros F B Hr H3 W. assert (M := average_within n p x low high F B). destruct F as [P E].
  set (mu := average n p x) in *. set (d := / (2 * (1 - r * (high - low) / 3))).
  apply Rle_trans with
    (average n p (fun i => (1 + - r * (x i - mu)) + d * (r ^ 2 * (x i - mu) ^ 2))).
  - apply average_monotone; [exact P|]. intros i Hi Pi. specialize (B i Hi Pi).
    replace (d * (r ^ 2 * (x i - mu) ^ 2)) with (d * (- r * (x i - mu)) ^ 2) by ring.
    apply exp_bernstein; [|split; [apply Rmult_le_pos; lra|exact H3]].
    assert (0 <= r * (high - low + (x i - mu))) by (apply Rmult_le_pos; lra). lra.
  - rewrite average_plus, average_affine, !average_scal by exact E.
    rewrite (average_ext n p (fun i => x i - mu) (fun i => - mu + 1 * x i)) by (intros; ring).
    rewrite average_affine by exact E. fold mu. fold (variance n p x).
    apply Rle_trans with (2 := exp_above_line _). right.
    change (variance n p x) with (average n p (fun i => (x i - mu) ^ 2)). unfold mu. ring.
Qed.

(* For any rate; then the best one. *)
Lemma bernstein_rate n p x low high k t r : forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  0 <= r -> r * (high - low) < 3 -> low <= high -> (0 < k)%nat ->
  chance_below n p k x (average n p x - t)
  <= exp (INR k * (r ^ 2 * / (2 * (1 - r * (high - low) / 3)) * variance n p x - r * t)).
Proof.
  intros F B Hr H3 W K. set (mu := average n p x).
  apply Rle_trans with (1 := chernoff n p k x (mu - t) r mu (proj1 F) Hr K).
  assert (L := bernstein_moment n p x low high r F B Hr H3 W). fold mu in L.
  assert (Z : 0 <= average n p (fun i => exp (- r * (x i - mu)))).
  { apply sum_nonneg. intros i Hi. apply Rmult_le_pos; [apply F, Hi|left; apply exp_pos]. }
  apply (fun H => pow_incr _ _ k (conj Z H)) in L. rewrite exp_power in L.
  apply (Rmult_le_compat_l (exp (r * (INR k * (mu - t - mu))))) in L; [|left; apply exp_pos].
  rewrite <- exp_plus in L. apply Rle_trans with (1 := L). apply Req_le. f_equal. ring.
Qed.

Lemma bernstein_draws : bernstein_draws_statement.
Proof.
  intros n p x low high k t F B W K T. set (v := variance n p x).
  assert (V : 0 <= v) by (apply variance_nonneg, F). set (w := high - low).
  destruct (Req_dec t 0) as [->|N].
  - assert (L := bernstein_rate n p x low high k 0 0 F B ltac:(lra) ltac:(lra) ltac:(lra) K).
    apply Rle_trans with (1 := L). apply Req_le. f_equal. unfold Rdiv. ring.
  - assert (Wt : 0 < w * t) by (apply Rmult_lt_0_compat; unfold w; lra).
    set (D := v + w * t / 3). assert (PD : 0 < D) by (unfold D; lra).
    assert (E : forall r, r * w < 3 -> r ^ 2 * / (2 * (1 - r * w / 3)) * v - r * t
                                      = - (t ^ 2 / (2 * D)) -> 0 <= r ->
              chance_below n p k x (average n p x - t)
              <= exp (- (INR k * t ^ 2 / (2 * v + 2 * w * t / 3)))).
    { intros r R3 Er Hr.
      assert (L := bernstein_rate n p x low high k t r F B Hr R3 ltac:(lra) K).
      fold w v in L. rewrite Er in L. apply Rle_trans with (1 := L). apply Req_le. f_equal.
      replace (2 * v + 2 * w * t / 3) with (2 * D) by (unfold D; field). field. lra. }
    destruct (Req_dec v 0) as [Z|Z].
    + apply (E (t / (2 * D))); [| |apply div_nonneg; lra].
      * apply (Rmult_lt_reg_r (2 * D)); [lra|].
        replace (t / (2 * D) * w * (2 * D)) with (w * t) by (field; lra). unfold D. lra.
      * rewrite Z, Rmult_0_r. field. lra.
    + apply (E (t / D)); [| |apply div_nonneg; lra].
      * apply (Rmult_lt_reg_r D); [lra|].
        replace (t / D * w * D) with (w * t) by (field; lra). unfold D. lra.
      * replace (1 - t / D * w / 3) with ((D - w * t / 3) / D) by (field; lra).
        replace (D - w * t / 3) with v by (unfold D; ring).
        field. lra.
Qed.

Lemma S2_bernstein : S2_bernstein_statement.
Proof.
  intros n g h p l k t top worst G F U B K T s x.
  destruct (robust_gains n g h p l top worst G F U B) as [W L].
  replace (top + worst) with (top - - worst) by ring. apply bernstein_draws; assumption.
Qed.
