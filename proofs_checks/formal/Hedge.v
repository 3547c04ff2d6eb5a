(* Hedge against any replies, and the duality gap of its averages against best ones, S6. *)
Require Import Reals Lra Lia List FunctionalExtensionality.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums Growth.
From Radsim Require Bounds.
Open Scope R_scope.

Section Potential.
Variables (n : nat) (g s : nat -> R) (l : nat -> nat -> R) (rate : R).
Hypothesis N : (0 < n)%nat.
Let W (t : nat) : R := sum n (fun j => exp (rate * score g s l t j)).
Let q := hedge n g s l rate.

Lemma potential_positive t : 0 < W t.
Proof.
  apply sum_pos with O; [|exact N|apply exp_pos]. intros. left. apply exp_pos.
Qed.

Lemma hedge_forced t : forced n 1 (q t).
Proof.
  assert (H := potential_positive t). split.
  - intros i Hi. apply div_nonneg; [left; apply exp_pos|exact H].
  - rewrite (sum_ext n _ (fun i => / W t * exp (rate * score g s l t i)))
      by (intros; apply Rmult_comm).
    rewrite sum_scal. fold (W t). field. lra.
Qed.

Lemma potential_step t :
  W (S t) = W t * average n (q t) (fun i => exp (rate * (g i - s i * l t i))).
Proof.
  assert (H := potential_positive t).
  unfold average. rewrite <- sum_scal. apply sum_ext. intros i Hi.
  replace (score g s l (S t) i) with (score g s l t i + (g i - s i * l t i)) by reflexivity.
  rewrite Rmult_plus_distr_l, exp_plus. unfold q, hedge.
  change (sum n (fun j => exp (rate * score g s l t j))) with (W t). field. lra.
Qed.

Lemma potential_bound low high T :
  (forall t i, (t < T)%nat -> (i < n)%nat -> low <= g i - s i * l t i <= high) ->
  W T <= INR n * exp (rate * sum T (fun t => payoff n g s (q t) (l t))
                      + INR T * (rate ^ 2 * (high - low) ^ 2 / 8)).
Proof.
  induction T; intros B.
  - unfold W. simpl. rewrite !Rmult_0_r, Rmult_0_l, Rplus_0_r, exp_0.
    rewrite (sum_ext n _ (fun _ => 1)), sum_const; [lra|].
    intros. unfold score. simpl. rewrite Rmult_0_r. apply exp_0.
  - assert (L := IHT ltac:(intros; apply B; lia)).
    set (mu := payoff n g s (q T) (l T)).
    assert (D : average n (q T) (fun i => exp (rate * (g i - s i * l T i)))
                <= exp (rate * mu + rate ^ 2 * (high - low) ^ 2 / 8)).
    { rewrite exp_plus.
      apply Rle_trans with (exp (rate * mu)
        * average n (q T) (fun i => exp (rate * (g i - s i * l T i - mu)))).
      - right. unfold average. rewrite <- sum_scal. apply sum_ext. intros i Hi.
        rewrite (Rmult_minus_distr_l rate _ mu). unfold Rminus at 2. rewrite exp_plus, exp_Ropp.
        field. assert (E := exp_pos (rate * mu)). lra.
      - apply Rmult_le_compat_l; [left; apply exp_pos|].
        apply (Bounds.hoeffding_lemma n (q T) (fun i => g i - s i * l T i)).
        + apply hedge_forced.
        + intros. apply B; lia. }
    rewrite potential_step.
    apply Rle_trans with (1 := Rmult_le_compat_l _ _ _ (Rlt_le _ _ (potential_positive T)) D).
    apply (Rmult_le_compat_r (exp (rate * mu + rate ^ 2 * (high - low) ^ 2 / 8))) in L;
      [|left; apply exp_pos].
    apply Rle_trans with (1 := L). rewrite Rmult_assoc, <- exp_plus, S_INR. right. simpl. fold mu.
    f_equal. f_equal. ring.
Qed.
End Potential.

(* What a point earned over what Hedge earned, for any rate. *)
Lemma regret_at_rate n g s l rate low high T L i : 0 < rate -> INR n <= exp L -> (i < n)%nat ->
  (forall t k, (t < T)%nat -> (k < n)%nat -> low <= g k - s k * l t k <= high) ->
  score g s l T i - sum T (fun t => payoff n g s (hedge n g s l rate t) (l t))
  <= L / rate + rate * INR T * (high - low) ^ 2 / 8.
Proof.
  intros P Ln Hi B. assert (N : (0 < n)%nat) by lia.
  assert (Q := potential_bound n g s l rate N low high T B).
  set (U := sum T _) in *.
  set (gain := rate * U + INR T * (rate ^ 2 * (high - low) ^ 2 / 8)) in *.
  assert (E : rate * score g s l T i <= L + gain).
  { apply exp_le_inv. rewrite exp_plus.
    apply Rle_trans with (sum n (fun j => exp (rate * score g s l T j))).
    - apply (term_le_sum n (fun j => exp (rate * score g s l T j))); [|exact Hi].
      intros. left. apply exp_pos.
    - apply Rle_trans with (1 := Q). apply Rmult_le_compat_r; [left; apply exp_pos|exact Ln]. }
  apply (Rmult_le_reg_l rate); [exact P|].
  replace (rate * (L / rate + rate * INR T * (high - low) ^ 2 / 8))
    with (L + INR T * (rate ^ 2 * (high - low) ^ 2 / 8)) by (field; lra).
  unfold gain in E. lra.
Qed.

Lemma gains_within g h x top worst : 0 <= g -> 0 <= h -> g <= top -> h <= worst -> 0 <= x <= 1 ->
  - worst <= g - (g + h) * x <= top.
Proof.
  intros. assert (0 <= g * x) by (apply Rmult_le_pos; lra).
  assert (0 <= h * x) by (apply Rmult_le_pos; lra).
  assert (0 <= (g + h) * (1 - x)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma S6_regret : S6_regret_statement.
Proof.
  intros n g h l T L top worst G H B W HT PL Ln U s q i Hi.
  assert (PT : 0 < INR T) by (apply lt_0_INR, HT).
  set (z := sqrt (8 * L / INR T)).
  assert (Z : 0 < z) by (apply sqrt_lt_R0, Rdiv_lt_0_compat; lra).
  assert (Z2 : z * z = 8 * L / INR T) by (apply sqrt_sqrt, div_nonneg; lra).
  assert (PR : 0 < step (top + worst) L T) by (apply Rdiv_lt_0_compat; assumption).
  assert (Q := regret_at_rate n g s l _ (- worst) top T L i PR Ln Hi).
  apply Rle_trans with (1 := Q ltac:(intros; apply gains_within; try apply B; auto; apply U; auto)).
  assert (E : sqrt (INR T * L / 2) = INR T * z / 4).
  { replace (INR T * L / 2) with ((INR T * z / 4) * (INR T * z / 4)).
    - apply sqrt_square. apply div_nonneg; [|lra]. apply Rmult_le_pos; lra.
    - replace (INR T * z / 4 * (INR T * z / 4)) with (INR T * INR T * (z * z) / 16) by field.
      rewrite Z2. field. lra. }
  unfold step. fold z. rewrite E.
  replace L with (INR T * (z * z) / 8) by (rewrite Z2; field; lra). right. field. lra.
Qed.

(* ------------------------------------------------------------------- the averages and their gap *)

Lemma sum_swap n T (f : nat -> nat -> R) :
  sum n (fun i => sum T (f i)) = sum T (fun t => sum n (fun i => f i t)).
Proof.
  induction T; simpl.
  - apply sum_zero. reflexivity.
  - rewrite sum_plus, IHT. reflexivity.
Qed.

Section Averages.
Variable T : nat.
Hypothesis HT : 0 < INR T.

Lemma mean_total n f : sum n (mean_of T f) = sum T (fun t => sum n (f t)) / INR T.
Proof.
  rewrite (sum_ext n _ (fun i => / INR T * sum T (fun t => f t i)))
    by (intros; apply Rmult_comm).
  rewrite sum_scal, sum_swap. apply Rmult_comm.
Qed.

Lemma mean_le f c i : (forall t, (t < T)%nat -> f t i <= c) -> mean_of T f i <= c.
Proof.
  intros L. apply div_le_iff_le_mult; [exact HT|]. rewrite Rmult_comm, <- sum_const.
  apply sum_le, L.
Qed.

Lemma mean_nonneg f i : (forall t, (t < T)%nat -> 0 <= f t i) -> 0 <= mean_of T f i.
Proof. intros L. apply div_nonneg; [apply sum_nonneg, L|exact HT]. Qed.

Lemma mean_forced n b q : (forall t, (t < T)%nat -> forced n b (q t)) -> forced n b (mean_of T q).
Proof.
  intros F. split.
  - intros i Hi. apply mean_nonneg. intros t Ht. apply F; assumption.
  - rewrite mean_total, (sum_ext T _ (fun _ => b)) by (intros; apply F; assumption).
    rewrite sum_const. field. lra.
Qed.

Lemma mean_mistakes n m l : (forall t, (t < T)%nat -> mistakes n m (l t)) ->
  mistakes n m (mean_of T l).
Proof.
  intros F. split.
  - intros i Hi. split; [apply mean_nonneg|apply mean_le]; intros t Ht; apply F; assumption.
  - rewrite mean_total. apply div_le_iff_le_mult; [exact HT|]. rewrite Rmult_comm, <- sum_const.
    apply sum_le. intros t Ht. apply F, Ht.
Qed.

Lemma mean_reply n g s q l :
  payoff n g s q (mean_of T l) = sum n (fun i => q i * score g s l T i) / INR T.
Proof.
  unfold Rdiv. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros i Hi. unfold score, mean_of.
  rewrite sum_minus, sum_const, sum_scal. field. lra.
Qed.

Lemma mean_design n g s q l :
  payoff n g s (mean_of T q) l = sum T (fun t => payoff n g s (q t) l) / INR T.
Proof.
  unfold payoff. rewrite <- sum_swap. unfold Rdiv. rewrite Rmult_comm, <- sum_scal.
  apply sum_ext. intros i Hi.
  transitivity ((g i - s i * l i) * sum T (fun t => q t i) * / INR T); [unfold mean_of; field; lra|].
  rewrite <- sum_scal, Rmult_comm. f_equal. apply sum_ext. intros. ring.
Qed.
End Averages.

Lemma S6_gap : S6_gap_statement.
Proof.
  intros n g h l m T L top worst N G H B W HT PL Ln s q Best.
  assert (PT : 0 < INR T) by (apply lt_0_INR, HT).
  split; [apply mean_forced; [exact PT|]; intros; apply hedge_forced, N|].
  split; [apply mean_mistakes; [exact PT|]; intros t Ht; apply Best, Ht|].
  intros q' l' [Q1 Q2] L'. rewrite mean_reply, mean_design by exact PT.
  set (U := sum T (fun t => payoff n g s (q t) (l t))).
  set (bound := (top + worst) * sqrt (INR T * L / 2)).
  assert (A : sum n (fun i => q' i * score g s l T i) <= U + bound).
  { rewrite <- (Rmult_1_r (U + bound)), <- Q2, <- sum_scal. apply sum_le. intros i Hi.
    rewrite (Rmult_comm (U + bound)). apply Rmult_le_compat_l; [apply Q1, Hi|].
    assert (Q := S6_regret n g h l T L top worst G H B W HT PL Ln
                   (fun t Ht => proj1 (proj1 (Best t Ht))) i Hi).
    fold s q U bound in Q. lra. }
  assert (C : U <= sum T (fun t => payoff n g s (q t) l')).
  { apply sum_le. intros t Ht. apply Best; assumption. }
  assert (E : (top + worst) * sqrt (L / (2 * INR T)) = bound / INR T).
  { unfold bound. replace (INR T * L / 2) with ((INR T * INR T) * (L / (2 * INR T)))
      by (field; lra).
    rewrite sqrt_mult_alt, sqrt_square by nra. field. lra. }
  rewrite E. unfold Rdiv. rewrite <- Rmult_minus_distr_r. apply Rmult_le_compat_r; [|lra].
  left. apply Rinv_0_lt_compat, PT.
Qed.

(* --------------------------------------------------------------------------- abstaining *)

Lemma with_zero_below n f i : (i < n)%nat -> with_zero n f i = f i.
Proof. intros L. unfold with_zero. apply Nat.ltb_lt in L. rewrite L. reflexivity. Qed.

Lemma with_zero_at n f : with_zero n f n = 0.
Proof. unfold with_zero. rewrite Nat.ltb_irrefl. reflexivity. Qed.

Lemma with_zero_cases n f i : with_zero n f i = 0 \/ (i < n)%nat /\ with_zero n f i = f i.
Proof.
  unfold with_zero. destruct (Nat.ltb_spec i n); [right; auto|left; reflexivity].
Qed.

Lemma with_zero_stake n g h : stake (with_zero n g) (with_zero n h) = with_zero n (stake g h).
Proof.
  apply functional_extensionality. intros i. unfold stake, with_zero.
  destruct (i <? n)%nat; lra.
Qed.

Lemma with_zero_payoff n g s q l l' : (forall i, (i < n)%nat -> l' i = l i) ->
  payoff (S n) (with_zero n g) (with_zero n s) q l' = payoff n g s q l.
Proof.
  intros E. unfold payoff. simpl. rewrite !with_zero_at.
  rewrite (sum_ext n _ (fun i => q i * (g i - s i * l i))); [ring|].
  intros i Hi. rewrite !with_zero_below, E by exact Hi. reflexivity.
Qed.

Lemma with_zero_mistakes n m l : mistakes n m l -> mistakes (S n) m (with_zero n l).
Proof.
  intros [B L]. split.
  - intros i Hi. destruct (with_zero_cases n l i) as [->|[K ->]]; [lra|apply B, K].
  - simpl. rewrite with_zero_at, (sum_ext n _ l); [lra|]. intros. apply with_zero_below. assumption.
Qed.

Lemma mistakes_below n m l : mistakes (S n) m l -> mistakes n m l.
Proof.
  intros [B L]. split; [intros i Hi; apply B; lia|].
  simpl in L. assert (0 <= l n) by (apply B; lia). lra.
Qed.

Lemma with_zero_hedge n g s l rate :
  hedge (S n) (with_zero n g) (with_zero n s) (fun t => with_zero n (l t)) rate
  = hedge (S n) (with_zero n g) (with_zero n s) l rate.
Proof.
  assert (E : score (with_zero n g) (with_zero n s) (fun t => with_zero n (l t))
              = score (with_zero n g) (with_zero n s) l).
  { apply functional_extensionality. intros t. apply functional_extensionality. intros i.
    apply sum_ext. intros r _. unfold with_zero. destruct (i <? n)%nat; ring. }
  unfold hedge. rewrite E. reflexivity.
Qed.

Lemma S6_abstaining : S6_abstaining_statement.
Proof.
  intros n g h l m T L top worst G H B Ht Hw W HT PL Ln s q Best.
  assert (PT : 0 < INR T) by (apply lt_0_INR, HT).
  assert (Zero : forall (f : nat -> R) c, 0 <= c -> (forall i, (i < n)%nat -> f i <= c) ->
                 forall i, with_zero n f i <= c).
  { intros f c C Le i. destruct (with_zero_cases n f i) as [->|[K' ->]]; auto. }
  assert (A := S6_gap (S n) (with_zero n g) (with_zero n h) (fun t => with_zero n (l t)) m T L
                 top worst (Nat.lt_0_succ n)).
  cbv zeta in A. rewrite with_zero_stake, with_zero_hedge in A. fold s q in A.
  destruct A as (Q & _ & Gap); try assumption.
  - intros i _. destruct (with_zero_cases n g i) as [->|[Hi ->]]; [lra|apply G, Hi].
  - intros i _. destruct (with_zero_cases n h i) as [->|[Hi ->]]; [lra|apply H, Hi].
  - intros i _. split; apply Zero; try assumption; intros; apply B; assumption.
  - intros t Lt. destruct (Best t Lt) as [M Least]. split; [apply with_zero_mistakes, M|].
    intros l' M'. rewrite (with_zero_payoff n g s (q t) (l t)) by apply with_zero_below.
    rewrite (with_zero_payoff n g s (q t) l') by reflexivity. apply Least, mistakes_below, M'.
  - split; [|split].
    + destruct Q as [Q1 Q2]. split; [intros i Hi; apply Q1; lia|].
      simpl in Q2. assert (0 <= mean_of T q n) by (apply Q1; lia). lra.
    + apply mean_mistakes; [exact PT|]. intros t Lt. apply Best, Lt.
    + intros q' l' [Q1 Q2] M'.
      set (full := fun i => if (i <? n)%nat then q' i else 1 - sum n q').
      assert (Below : forall i, (i < n)%nat -> full i = q' i).
      { intros i Hi. unfold full. apply Nat.ltb_lt in Hi. rewrite Hi. reflexivity. }
      assert (At : full n = 1 - sum n q') by (unfold full; rewrite Nat.ltb_irrefl; reflexivity).
      assert (F : forced (S n) 1 full).
      { split; [|simpl; rewrite At, (sum_ext n _ q') by exact Below; lra].
        intros i _. unfold full. destruct (Nat.ltb_spec i n); [apply Q1; assumption|lra]. }
      assert (C := Gap full (with_zero n l') F (with_zero_mistakes n m l' M')).
      rewrite (with_zero_payoff n g s full (mean_of T l)) in C.
      2:{ intros i Hi. unfold mean_of. f_equal. apply sum_ext. intros. apply with_zero_below, Hi. }
      rewrite (with_zero_payoff n g s _ l') in C by apply with_zero_below.
      replace (payoff n g s q' (mean_of T l)) with (payoff n g s full (mean_of T l)); [exact C|].
      apply sum_ext. intros i Hi. rewrite Below by exact Hi. reflexivity.
Qed.
