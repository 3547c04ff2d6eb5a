(* The lower tail of the sample variance, and the bound on a mean from the sample alone, S2. *)
Require Import Reals Lra Lia List Arith.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums Growth Bounds Bernstein Pairs.
Import ListNotations.
Open Scope R_scope.

Section Moment.
Variables (n : nat) (p x : nat -> R).
Hypothesis F : forced n 1 p.
(* The moment generating functions of the variance of k draws and of half a squared difference. *)
Let M (k : nat) (r : R) : R := over_draws n p k (fun drawn => exp (- r * spread x drawn)).
Let phi (r : R) : R := average n p (fun a => average n p (fun c => exp (- r * apart x a c))).

(* Jensen: exp of a mean over pairs is at most the mean of exp. *)
Lemma exp_of_pairs l r w : (2 <= length l)%nat -> w = 1 \/ (4 <= length l)%nat ->
  INR (length l) * (INR (length l) - 1) * exp (- r * spread x l)
  <= pick_sum l (fun a rest => pick_sum rest (fun c others =>
       exp (- (r * w) * apart x a c) * exp (- (r * (1 - w)) * spread x others))).
Proof.
  intros L W. set (k := INR (length l)). set (V := spread x l). set (e := exp (- r * V)).
  set (y := fun a c others => w * apart x a c + (1 - w) * spread x others).
  apply Rle_trans with (pick_sum l (fun a rest => pick_sum rest (fun c others =>
    e * (1 + r * V) + - r * e * y a c others))).
  - right. rewrite (pick_sum_ext l _ (fun a rest =>
      e * (1 + r * V) * (k - 1) + - r * e * pick_sum rest (y a))).
    + rewrite (pick_sum_affine l (e * (1 + r * V) * (k - 1)) (- r * e)
                 (fun a rest => pick_sum rest (y a))).
      unfold y. rewrite spread_of_pairs by assumption. fold k V. ring.
    + intros a rest P. assert (E := picked_length l a rest P). fold k in E.
      rewrite pick_sum_affine. replace (INR (length rest)) with (k - 1) by lra. reflexivity.
  - apply pick_sum_le. intros a rest _. apply pick_sum_le. intros c others _.
    rewrite <- exp_plus.
    replace (- (r * w) * apart x a c + - (r * (1 - w)) * spread x others)
      with (- r * y a c others) by (unfold y; ring).
    apply Rle_trans with (2 := exp_above_tangent (- r * V) _). fold e. right. ring.
Qed.

Lemma moment_step k r w : w = 1 \/ (2 <= k)%nat ->
  M (S (S k)) r <= phi (r * w) * M k (r * (1 - w)).
Proof.
  intros W. set (N := INR (S (S k)) * (INR (S (S k)) - 1)).
  assert (K := pos_INR k). assert (EN : N = INR (S (S k)) * INR (S k))
    by (unfold N; rewrite !S_INR; ring).
  assert (PN : 0 < N) by (rewrite EN, !S_INR; apply Rmult_lt_0_compat; lra).
  apply (Rmult_le_reg_l N); [exact PN|]. unfold M at 1. rewrite <- over_draws_scal.
  eapply Rle_trans.
  - apply over_draws_le; [apply F|]. intros drawn Len _. unfold N. rewrite <- Len.
    apply (exp_of_pairs drawn r w); [lia|]. destruct W; [left; assumption|right; lia].
  - right. rewrite pick_sum_mean, EN, !Rmult_assoc. f_equal.
    unfold phi, average. rewrite (Rmult_comm _ (M k _)), <- !sum_scal. apply sum_ext. intros a Ha.
    rewrite pick_sum_mean.
    rewrite (sum_ext n _ (fun c => M k (r * (1 - w)) * (p c * exp (- (r * w) * apart x a c)))).
    + rewrite sum_scal. ring.
    + intros c Hc. rewrite over_draws_scal. unfold M. ring.
Qed.

Lemma over_draws_one k : over_draws n p k (fun _ => 1) = 1.
Proof.
  induction k; simpl; [reflexivity|].
  rewrite (sum_ext n _ p); [apply F|]. intros. rewrite IHk. ring.
Qed.

Lemma phi_nonneg r : 0 <= phi r.
Proof.
  apply sum_nonneg. intros a Ha. apply Rmult_le_pos; [apply F, Ha|].
  apply sum_nonneg. intros c Hc. apply Rmult_le_pos; [apply F, Hc|left; apply exp_pos].
Qed.

(* m independent pairs. *)
Lemma moment_of_pairs m : forall k r, (2 * S m <= k)%nat -> M k r <= phi (r / INR (S m)) ^ S m.
Proof.
  induction m; intros k r L; (destruct k as [|[|k]]; [lia|lia|]).
  - assert (H := moment_step k r 1 (or_introl eq_refl)).
    assert (E : M k (r * (1 - 1)) = 1).
    { transitivity (over_draws n p k (fun _ => 1)); [|apply over_draws_one].
      apply over_draws_ext. intros drawn.
      replace (- (r * (1 - 1)) * spread x drawn) with 0 by ring. apply exp_0. }
    rewrite E in H. simpl. replace (r / 1) with (r * 1) by field. lra.
  - set (w := / INR (S (S m))). assert (Pm := pos_INR m).
    assert (H := moment_step k r w ltac:(right; lia)).
    assert (Q := IHm k (r * (1 - w)) ltac:(lia)).
    replace (r * (1 - w) / INR (S m)) with (r / INR (S (S m))) in Q
      by (unfold w; rewrite !S_INR; field; lra).
    apply Rle_trans with (1 := H). unfold w at 1. fold (r / INR (S (S m))).
    rewrite <- (tech_pow_Rmult _ (S m)). apply Rmult_le_compat_l; [apply phi_nonneg|exact Q].
Qed.

Lemma mean_apart : average n p (fun a => average n p (apart x a)) = variance n p x.
Proof.
  destruct F as [_ E]. set (mu := average n p x). set (y := fun i => x i - mu).
  assert (Y : average n p y = 0).
  { unfold y. rewrite (average_ext n p _ (fun i => - mu + 1 * x i)) by (intros; ring).
    rewrite average_affine by exact E. unfold mu. ring. }
  assert (V : variance n p x = average n p (fun i => y i ^ 2)) by reflexivity.
  rewrite (average_ext n p _ (fun a => / 2 * variance n p x + / 2 * (y a ^ 2))).
  - rewrite average_affine, <- V by exact E. field.
  - intros a Ha. rewrite (average_ext n p (apart x a)
      (fun c => (/ 2 * y a ^ 2 + - y a * y c) + / 2 * y c ^ 2)).
    + rewrite average_plus, average_affine, average_scal, <- V, Y by exact E. ring.
    + intros c Hc. unfold apart, y. field.
Qed.

Lemma phi_bound low high r : (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) -> 0 <= r ->
  phi r <= exp (- (r - r ^ 2 * (high - low) ^ 2 / 4) * variance n p x).
Proof.
  intros B Hr. set (d := r - r ^ 2 * (high - low) ^ 2 / 4).
  apply Rle_trans with (average n p (fun a => average n p (fun c => 1 + - d * apart x a c))).
  - apply average_monotone; [apply F|]. intros a Ha Pa.
    apply average_monotone; [apply F|]. intros c Hc Pc.
    specialize (B a Ha Pa) as Ba. specialize (B c Hc Pc).
    assert (A0 : 0 <= apart x a c) by (unfold apart; assert (H := pow2_ge_0 (x a - x c)); lra).
    assert (A1 : apart x a c <= (high - low) ^ 2 / 2).
    { unfold apart. apply div_le_compat; [|lra]. apply pow_maj_Rabs. apply Rabs_le. lra. }
    assert (H := exp_quadratic_nonpos (- r * apart x a c)).
    assert (P := Rmult_le_pos _ _ Hr A0). apply Rle_trans with (1 := H ltac:(lra)).
    assert (r ^ 2 * (apart x a c * apart x a c) <= r ^ 2 * ((high - low) ^ 2 / 2 * apart x a c)).
    { apply Rmult_le_compat_l; [apply pow2_ge_0|]. apply Rmult_le_compat_r; assumption. }
    replace ((- r * apart x a c) ^ 2) with (r ^ 2 * (apart x a c * apart x a c)) by ring.
    unfold d. lra.
  - apply Rle_trans with (2 := exp_above_line _). right. destruct F as [_ E].
    rewrite (average_ext n p _ (fun a => 1 + - d * average n p (apart x a)))
      by (intros; apply average_affine, E).
    rewrite average_affine, mean_apart by exact E. reflexivity.
Qed.
End Moment.

(* --------------------------------------------------------------------------------- tails *)

Lemma spread_tail n p x low high k m s : forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  low < high -> (2 * S m <= k)%nat -> 0 <= s -> 0 < variance n p x ->
  over_draws n p k (fun drawn => if Rle_dec (spread x drawn) (variance n p x - s) then 1 else 0)
  <= exp (- (INR (S m) * s ^ 2 / ((high - low) ^ 2 * variance n p x))).
Proof.
  intros F B W L Hs V. set (v := variance n p x) in *. set (w := high - low).
  assert (PW : 0 < w ^ 2) by (apply pow_lt; unfold w; lra).
  assert (PM : 0 < INR (S m)) by (apply lt_0_INR; lia).
  assert (PD : 0 < w ^ 2 * v) by (apply Rmult_lt_0_compat; assumption).
  set (q := 2 * s / (w ^ 2 * v)). assert (Q : 0 <= q) by (apply div_nonneg; lra).
  set (r := INR (S m) * q). assert (Hr : 0 <= r) by (apply Rmult_le_pos; lra).
  apply Rle_trans with (over_draws n p k (fun drawn =>
    exp (r * (v - s)) * exp (- r * spread x drawn))).
  - apply over_draws_le; [apply F|]. intros drawn _ _. rewrite <- exp_plus.
    destruct (Rle_dec (spread x drawn) (v - s)) as [D|_]; [|left; apply exp_pos].
    rewrite <- exp_0. apply exp_le.
    assert (0 <= r * (v - s - spread x drawn)) by (apply Rmult_le_pos; lra). lra.
  - rewrite over_draws_scal.
    assert (H := moment_of_pairs n p x F m k r L).
    replace (r / INR (S m)) with q in H by (unfold r; field; lra).
    assert (P := phi_bound n p x F low high q B Q). fold v w in P. cbv beta in H, P.
    apply (fun Q => pow_incr _ _ (S m) (conj (phi_nonneg n p x F q) Q)) in P.
    rewrite exp_power in P. assert (C := Rle_trans _ _ _ H P).
    apply (Rmult_le_compat_l (exp (r * (v - s)))) in C; [|left; apply exp_pos].
    rewrite <- exp_plus in C. apply Rle_trans with (1 := C). right. f_equal.
    unfold r, q. field. split; [lra|unfold w; lra].
Qed.

Lemma sample_spread : sample_spread_statement.
Proof.
  intros n p x low high k L F B W K HL. set (w := high - low).
  assert (K2 := le_INR _ _ K). simpl in K2. set (c := w * sqrt (2 * L / (INR k - 1))).
  set (v := variance n p x). assert (V : 0 <= v) by (apply variance_nonneg, F).
  assert (PL : 0 <= 2 * L / (INR k - 1)) by (apply div_nonneg; lra).
  assert (C : 0 <= c) by (apply Rmult_le_pos; [unfold w; lra|apply sqrt_pos]).
  destruct (Req_dec v 0) as [Z|Z].
  - apply Rle_trans with (over_draws n p k (fun _ => 0 * 1)).
    + apply over_draws_le; [apply F|]. intros drawn _ _. rewrite Z, sqrt_0.
      assert (H := sqrt_pos (sample_variance x drawn)). destruct (Rlt_dec _ _); lra.
    + rewrite over_draws_scal, Rmult_0_l. left. apply exp_pos.
  - set (m := pred (k / 2)). assert (E := Nat.div_mod k 2 ltac:(lia)).
    assert (Mod := Nat.mod_upper_bound k 2 ltac:(lia)).
    assert (Em : S m = (k / 2)%nat) by (unfold m; lia).
    assert (T := spread_tail n p x low high k m (sqrt v * c) F B W ltac:(lia)
                   ltac:(apply Rmult_le_pos; [apply sqrt_pos|exact C]) ltac:(fold v; lra)).
    fold v w in T. eapply Rle_trans; [|eapply Rle_trans; [exact T|]].
    + apply over_draws_le; [apply F|]. intros drawn Len _.
      rewrite sample_variance_form by lia. set (V' := spread x drawn).
      destruct (Rlt_dec (sqrt V' + c) (sqrt v)) as [Low|_]; [|destruct (Rle_dec _ _); lra].
      destruct (Rle_dec V' (v - sqrt v * c)) as [_|No]; [lra|]. exfalso. apply No.
      assert (S0 := sqrt_pos V'). assert (Sv := sqrt_sqrt v V).
      assert (A : V' <= sqrt V' * sqrt V').
      { destruct (Rle_dec 0 V'); [rewrite sqrt_sqrt by assumption; lra|].
        assert (0 <= sqrt V' * sqrt V') by (apply Rmult_le_pos; assumption). lra. }
      assert (sqrt V' * sqrt V' <= (sqrt v - c) * (sqrt v - c)) by (apply Rmult_le_compat; lra).
      assert (0 <= c * (sqrt v - c)) by (apply Rmult_le_pos; lra). lra.
    + apply exp_le, Ropp_le_contravar.
      replace (INR (S m) * (sqrt v * c) ^ 2 / (w ^ 2 * v)) with (INR (S m) * (2 * L / (INR k - 1))).
      * assert (H : INR k - 1 <= 2 * INR (S m)).
        { replace 2 with (INR 2) by reflexivity. rewrite <- mult_INR.
          assert (H : INR k <= INR (2 * S m + 1)) by (apply le_INR; lia).
          rewrite plus_INR in H. simpl (INR 1) in H. lra. }
        apply (Rmult_le_reg_r (INR k - 1)); [lra|].
        replace (INR (S m) * (2 * L / (INR k - 1)) * (INR k - 1)) with (L * (2 * INR (S m)))
          by (field; lra).
        apply Rmult_le_compat_l; lra.
      * assert (Sv := sqrt_sqrt v V). assert (Sc := sqrt_sqrt _ PL). unfold c.
        set (a := sqrt v) in *. set (d := sqrt (2 * L / (INR k - 1))) in *.
        rewrite <- Sc, <- Sv. field. split; [|unfold w; lra]. intros H. rewrite H in Sv. lra.
Qed.

(* ------------------------------------------------------- the mean, from the sample alone *)

(* The upper tail at any rate that brings the exponent to - L. *)
Lemma upper_rate n p x low high k L t r : forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  low < high -> (0 < k)%nat -> 0 <= r -> r * (high - low) < 3 ->
  r ^ 2 * / (2 * (1 - r * (high - low) / 3)) * variance n p x - r * t <= - (L / INR k) ->
  over_draws n p k (fun drawn => if Rle_dec (average n p x + t) (total x drawn / INR k)
                                 then 1 else 0) <= exp (- L).
Proof.
  intros F B W K Hr H3 Er. assert (PK : 0 < INR k) by (apply lt_0_INR, K).
  set (x' := fun i => - x i). destruct F as [P E].
  assert (Am : average n p x' = - average n p x).
  { unfold x'. rewrite (average_ext n p _ (fun i => -1 * x i)) by (intros; ring).
    rewrite average_scal. ring. }
  assert (Vm : variance n p x' = variance n p x).
  { unfold variance. rewrite Am. apply average_ext. intros. unfold x'. ring. }
  assert (Bm : forall i, (i < n)%nat -> 0 < p i -> - high <= x' i <= - low).
  { intros i Hi Pi. specialize (B i Hi Pi). unfold x'. lra. }
  assert (Tot : forall l, total x' l = - total x l).
  { intros l. unfold x'. clear. induction l; [unfold total; simpl; ring|].
    rewrite !total_cons, IHl. ring. }
  assert (H := bernstein_rate n p x' (- high) (- low) k t r (conj P E) Bm Hr
                 ltac:(lra) ltac:(lra) K).
  replace (- low - - high) with (high - low) in H by ring. rewrite Vm in H.
  eapply Rle_trans; [|eapply Rle_trans; [exact H|]].
  - apply over_draws_le; [exact P|]. intros drawn _ _. rewrite Tot, Am.
    replace (- total x drawn / INR k) with (- (total x drawn / INR k)) by (field; lra).
    destruct (Rle_dec _ _), (Rle_dec _ _); lra.
  - apply exp_le. apply (Rmult_le_compat_l (INR k)) in Er; [|lra].
    replace (INR k * - (L / INR k)) with (- L) in Er by (field; lra). exact Er.
Qed.

(* Bernstein's upper tail in terms of the error e^-L. *)
Lemma upper_tail n p x low high k L t : forced n 1 p ->
  (forall i, (i < n)%nat -> 0 < p i -> low <= x i <= high) ->
  low < high -> (0 < k)%nat -> 0 <= L ->
  (0 < variance n p x ->
     sqrt (2 * variance n p x * L / INR k) + (high - low) * L / (3 * INR k) <= t) ->
  (variance n p x = 0 -> 2 * (high - low) * L / (3 * INR k) <= t) ->
  over_draws n p k (fun drawn => if Rle_dec (average n p x + t) (total x drawn / INR k)
                                 then 1 else 0) <= exp (- L).
Proof.
  intros F B W K HL T1 T0. assert (V := variance_nonneg n p x (proj1 F)).
  assert (Rate := fun r => upper_rate n p x low high k L t r F B W K).
  set (w := high - low) in *. set (v := variance n p x) in *.
  assert (PK : 0 < INR k) by (apply lt_0_INR, K). assert (PW : 0 < w) by (unfold w; lra).
  destruct (Req_dec v 0) as [Z|Z].
  - specialize (T0 Z). apply (Rate (3 / (2 * w))).
    + apply div_nonneg; lra.
    + replace (3 / (2 * w) * w) with (3 / 2) by (field; lra). lra.
    + rewrite Z, Rmult_0_r, Rminus_0_l. apply Ropp_le_contravar.
      apply (Rmult_le_compat_l (3 / (2 * w))) in T0; [|apply div_nonneg; lra].
      apply Rle_trans with (2 := T0). right. field. lra.
  - assert (PV : 0 < v) by lra. specialize (T1 PV).
    assert (PKV : 0 < INR k * v) by (apply Rmult_lt_0_compat; assumption).
    assert (PA : 0 <= 2 * L / (INR k * v)) by (apply div_nonneg; lra).
    assert (A := sqrt_pos (2 * L / (INR k * v))). assert (A2 := sqrt_sqrt _ PA).
    set (a := sqrt (2 * L / (INR k * v))) in *.
    assert (AW : 0 <= a * w) by (apply Rmult_le_pos; lra).
    set (d := 1 + a * w / 3). assert (D : 1 <= d) by (unfold d; lra).
    assert (Root : sqrt (2 * v * L / INR k) = a * v).
    { replace (2 * v * L / INR k) with ((a * v) * (a * v)).
      - apply sqrt_square, Rmult_le_pos; lra.
      - replace (a * v * (a * v)) with (a * a * (v * v)) by ring. rewrite A2. field. lra. }
    rewrite Root in T1. apply (Rmult_le_compat_l a) in T1; [|exact A].
    assert (Inv : 1 - a / d * w / 3 = / d).
    { replace (1 - a / d * w / 3) with ((d - a * w / 3) / d) by (field; lra).
      unfold d at 1. field. lra. }
    apply (Rate (a / d)).
    + apply div_nonneg; lra.
    + apply (Rmult_lt_reg_r d); [lra|]. replace (a / d * w * d) with (a * w) by (field; lra).
      unfold d. lra.
    + rewrite Inv. replace ((a / d) ^ 2 * / (2 * / d) * v - a / d * t)
        with ((a * a * v / 2 - a * t) / d) by (field; lra).
      apply div_le_iff_le_mult; [lra|].
      replace (a * (a * v + w * L / (3 * INR k)))
        with (a * a * v + a * w / 3 * (L / INR k)) in T1 by (field; lra).
      assert (Half : a * a * v = 2 * (L / INR k)) by (rewrite A2; field; lra).
      replace (- (L / INR k) * d) with (- (L / INR k) - a * w / 3 * (L / INR k))
        by (unfold d; ring). lra.
Qed.

(* The radius contains Bernstein's, unless the sample variance is far too small. *)
Lemma radius_contains v V w L k : 0 <= v -> 0 <= V -> 0 < w -> 0 <= L -> 2 <= k ->
  sqrt v <= sqrt V + w * sqrt (2 * L / (k - 1)) ->
  sqrt (2 * v * L / k) + w * L / (3 * k) <= sqrt (2 * V * L / k) + 7 * w * L / (3 * (k - 1)).
Proof.
  intros Hv HV W HL K H. assert (PL : 0 <= 2 * L / k) by (apply div_nonneg; lra).
  assert (PL1 : 0 <= 2 * L / (k - 1)) by (apply div_nonneg; lra).
  assert (E : forall u, 0 <= u -> sqrt (2 * u * L / k) = sqrt u * sqrt (2 * L / k)).
  { intros u Hu. replace (2 * u * L / k) with (u * (2 * L / k)) by (field; lra).
    apply sqrt_mult; assumption. }
  rewrite (E v Hv), (E V HV). assert (S1 := sqrt_sqrt _ PL1).
  assert (C : 0 <= sqrt (2 * L / k)) by apply sqrt_pos.
  assert (C1 : sqrt (2 * L / k) <= sqrt (2 * L / (k - 1))).
  { apply sqrt_le_1_alt. apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; lra. }
  set (c := sqrt (2 * L / k)) in *. set (c1 := sqrt (2 * L / (k - 1))) in *.
  apply (Rmult_le_compat_r c) in H; [|exact C].
  assert (Cross : w * (c1 * c) <= w * (c1 * c1)).
  { apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_l; lra. }
  rewrite S1 in Cross.
  assert (w * L / (3 * k) <= w * L / (3 * (k - 1))).
  { apply Rmult_le_compat_l; [apply Rmult_le_pos; lra|]. apply Rinv_le_contravar; lra. }
  replace (7 * w * L / (3 * (k - 1))) with (w * (2 * L / (k - 1)) + w * L / (3 * (k - 1)))
    by (field; lra).
  lra.
Qed.

Lemma total_nonneg f l : (forall i, 0 <= f i) -> 0 <= total f l.
Proof.
  intros P. induction l; [unfold total; simpl; lra|]. rewrite total_cons. specialize (P a). lra.
Qed.

Lemma sample_variance_nonneg x l : (2 <= length l)%nat -> 0 <= sample_variance x l.
Proof.
  intros L. apply le_INR in L. simpl in L. apply div_nonneg; [|lra].
  apply total_nonneg. intros. apply pow2_ge_0.
Qed.

Lemma empirical_bernstein : empirical_bernstein_statement.
Proof.
  intros n p x low high k L F B W K HL radius.
  assert (V := variance_nonneg n p x (proj1 F)). assert (K2 := le_INR _ _ K). simpl in K2.
  assert (U := fun t => upper_tail n p x low high k L t F B W ltac:(lia) HL).
  assert (S1 := sample_spread n p x low high k L F B W K HL).
  set (v := variance n p x) in *. set (w := high - low) in *.
  assert (PW : 0 < w) by (unfold w; lra). assert (WL : 0 <= w * L) by (apply Rmult_le_pos; lra).
  set (t := if Req_EM_T v 0 then 2 * w * L / (3 * INR k)
            else sqrt (2 * v * L / INR k) + w * L / (3 * INR k)).
  replace (2 * exp (- L)) with (exp (- L) + exp (- L)) by ring.
  assert (U1 : over_draws n p k (fun drawn =>
                 if Rle_dec (average n p x + t) (total x drawn / INR k) then 1 else 0)
               <= exp (- L)).
  { apply U; intros; unfold t; destruct (Req_EM_T v 0); lra. }
  apply Rle_trans with (2 := Rplus_le_compat _ _ _ _ S1 U1).
  rewrite <- over_draws_plus. apply over_draws_le; [apply F|]. intros drawn Len _.
  destruct (Rlt_dec (average n p x) _) as [Far|_].
  2:{ destruct (Rlt_dec _ _), (Rle_dec _ _); lra. }
  destruct (Rlt_dec _ (sqrt v)) as [_|Near]; [destruct (Rle_dec _ _); lra|].
  destruct (Rle_dec _ _) as [_|No]; [lra|]. exfalso. apply No.
  assert (HV := sample_variance_nonneg x drawn ltac:(lia)).
  assert (Contains := radius_contains v _ w L (INR k) V HV PW HL K2 (Rnot_lt_le _ _ Near)).
  unfold radius in Far. unfold t. destruct (Req_EM_T v 0) as [Z|Z]; [|lra].
  assert (H0 := sqrt_pos (2 * sample_variance x drawn * L / INR k)).
  assert (2 * w * L / (3 * INR k) <= 7 * w * L / (3 * (INR k - 1))); [|lra].
  apply Rle_trans with (7 * w * L / (3 * INR k)).
  - apply div_le_compat; lra.
  - apply Rmult_le_compat_l; [lra|]. apply Rinv_le_contravar; lra.
Qed.

Lemma S2_empirical : S2_empirical_statement.
Proof.
  intros n g h p l k L top worst G F U B K HL s x.
  destruct (robust_gains n g h p l top worst G F U B) as [W Within].
  replace (top + worst) with (top - - worst) by ring.
  apply (empirical_bernstein n p x (- worst) top k L); assumption.
Qed.
