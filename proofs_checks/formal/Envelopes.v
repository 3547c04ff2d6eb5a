(* Slopes of the inverse of an envelope, so that N4 has a value; envelopes of profiles that are
   straight between finitely many points. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements TeacherStatements Sums Levels Deviations.
Open Scope R_scope.

(* --------------------------------------------------------------------------- slopes of psi *)

Section Slopes.
Variables phi env psi : R -> R.
Hypothesis phi_damage : damage phi.
Hypothesis env_envelope : envelope phi env.
Hypothesis psi_inverse : inverse env psi.

Lemma psi_in_unit y : 0 <= y <= 1 -> 0 <= psi y <= 1.
Proof. intros Y. apply psi_inverse. exact Y. Qed.

Lemma psi_convex y z t : 0 <= y <= 1 -> 0 <= z <= 1 -> 0 <= t <= 1 ->
  psi (t * y + (1 - t) * z) <= t * psi y + (1 - t) * psi z.
Proof.
  intros Y Z T. destruct env_envelope as (C & _).
  destruct (psi_inverse y Y) as (Py & Ey & _). destruct (psi_inverse z Z) as (Pz & Ez & _).
  destruct (psi_inverse (t * y + (1 - t) * z)) as (_ & _ & L); [split; nra|].
  apply L; [split; nra|]. specialize (C (psi y) (psi z) t Py Pz T). rewrite Ey, Ez in C. exact C.
Qed.

Lemma env_at_zero : env 0 = 0.
Proof.
  destruct env_envelope as (_ & M). destruct (M 0) as (_ & u & v & t & U & V & T & E & <-); [lra|].
  destruct phi_damage as (Z & _).
  assert (A : t * u = 0) by nra. assert (B : (1 - t) * v = 0) by nra.
  assert (forall a x, a * x = 0 -> a * phi x = 0) as F.
  { intros a x H. apply Rmult_integral in H. destruct H as [->| ->]; [lra|]. rewrite Z. lra. }
  rewrite (F t u A), (F (1 - t) v B). lra.
Qed.

Lemma psi_at_zero : psi 0 = 0.
Proof.
  destruct (psi_inverse 0) as (P & _ & L); [lra|]. assert (psi 0 <= 0); [|lra].
  apply L; [lra|]. rewrite env_at_zero. lra.
Qed.

Lemma psi_positive y : 0 < y <= 1 -> 0 < psi y.
Proof.
  intros Y. destruct (psi_inverse y) as (P & E & _); [lra|].
  destruct (Req_dec (psi y) 0) as [A|A]; [|lra]. rewrite A, env_at_zero in E. lra.
Qed.

(* Three points of a convex function. *)
Lemma slopes_rise x y z : 0 <= x -> x < y -> y < z -> z <= 1 ->
  (psi y - psi x) / (y - x) <= (psi z - psi y) / (z - y).
Proof.
  intros X L1 L2 Z. set (t := (z - y) / (z - x)).
  assert (T : 0 <= t <= 1).
  { unfold t. split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
  assert (C := psi_convex x z t ltac:(lra) ltac:(lra) T).
  replace (t * x + (1 - t) * z) with y in C by (unfold t; field; lra).
  assert (E : psi y * (z - x) <= (z - y) * psi x + (y - x) * psi z).
  { replace ((z - y) * psi x + (y - x) * psi z)
      with ((t * psi x + (1 - t) * psi z) * (z - x)) by (unfold t; field; lra).
    apply Rmult_le_compat_r; lra. }
  apply div_le_iff_le_mult; [lra|].
  apply Rmult_le_reg_r with (z - y); [lra|].
  replace ((psi z - psi y) / (z - y) * (y - x) * (z - y))
    with ((psi z - psi y) * (y - x)) by (field; lra). nra.
Qed.

Lemma slope_exists y : 0 <= y < 1 -> exists d, slope psi y d /\ (0 < y -> 0 < d).
Proof.
  intros Y. destruct (Req_dec y 0) as [->|N].
  { exists 0. split; [|lra]. split; [lra|]. intros z Z. rewrite psi_at_zero.
    destruct (psi_in_unit z Z). lra. }
  set (A := fun a => exists x, 0 <= x < y /\ a = (psi y - psi x) / (y - x)).
  assert (B : forall z, y < z <= 1 -> is_upper_bound A ((psi z - psi y) / (z - y))).
  { intros z Z a (x & X & ->). apply slopes_rise; lra. }
  destruct (completeness A) as (d & U & L).
  { exists ((psi 1 - psi y) / (1 - y)). apply B. lra. }
  { exists ((psi y - psi 0) / (y - 0)). exists 0. split; [lra|reflexivity]. }
  assert (P : 0 < d).
  { apply Rlt_le_trans with ((psi y - psi 0) / (y - 0)).
    - rewrite psi_at_zero, !Rminus_0_r. apply Rdiv_lt_0_compat; [apply psi_positive|]; lra.
    - apply U. exists 0. split; [lra|reflexivity]. }
  exists d. split; [|auto]. split; [lra|]. intros z Z.
  destruct (Rtotal_order z y) as [C|[->|C]]; [| lra|].
  - assert (D : (psi y - psi z) / (y - z) <= d) by (apply U; exists z; split; [lra|reflexivity]).
    apply div_le_iff_le_mult in D; lra.
  - assert (D : d <= (psi z - psi y) / (z - y)) by (apply L, B; lra).
    assert (d * (z - y) <= psi z - psi y); [|lra].
    replace (psi z - psi y) with ((psi z - psi y) / (z - y) * (z - y)) by (field; lra).
    apply Rmult_le_compat_r; lra.
Qed.

End Slopes.

Lemma finite_numbers n (P : nat -> R -> Prop) :
  (forall i, (i < n)%nat -> exists a, P i a) ->
  exists d : nat -> R, forall i, (i < n)%nat -> P i (d i).
Proof.
  induction n; intros E; [exists (fun _ => 0); intros; lia|].
  destruct IHn as (d & D); [intros; apply E; lia|]. destruct (E n) as (a & A); [lia|].
  exists (fun i => if Nat.eq_dec i n then a else d i). intros i Hi.
  destruct (Nat.eq_dec i n) as [->|]; [exact A|apply D; lia].
Qed.

Lemma N4_value : N4_value_statement.
Proof.
  intros n g h m b phi env psi lam P B M s D E V (L & J) Lp.
  assert (s_pos : all_positive n s) by (apply pool_stakes_positive; exact P).
  assert (U : forall i, (i < n)%nat -> 0 <= shaved g s lam i < 1).
  { intros i Hi. assert (Pi := P i Hi). split; [apply shaved_nonneg with (n := n); auto|].
    unfold shaved. replace 1 with (s i / s i) by (field; specialize (s_pos i Hi); lra).
    apply div_lt_compat; [|auto]. unfold s, stake. destruct (pos_cases (g i - lam)); lra. }
  destruct (finite_numbers n (fun i a => slope psi (shaved g s lam i) a
    /\ (0 < shaved g s lam i -> 0 < a))) as (d & Sl).
  { intros i Hi. apply slope_exists with (phi := phi) (env := env); auto. }
  destruct (N4_saddle n g h m b phi env psi lam d P B D E V (conj L J) Lp) as (mu & Sa & _).
  - intros i Hi. apply Sl. exact Hi.
  - destruct (positive_term_of_sum n (fun i => psi (shaved g s lam i))) as (i & Hi & Pi).
    { rewrite L. exact M. }
    assert (Y : 0 < shaved g s lam i).
    { destruct (U i Hi) as (Y & _). destruct (Req_dec (shaved g s lam i) 0) as [Z|Z]; [|lra].
      rewrite Z, (psi_at_zero phi env psi D E V) in Pi. lra. }
    assert (F : lam <= g i).
    { destruct (Rle_dec lam (g i)); auto. exfalso. unfold shaved in Y.
      rewrite pos_of_nonpos in Y by lra. unfold Rdiv in Y. lra. }
    apply sum_pos with (i := i); auto.
    + intros j Hj. unfold supported. destruct (Rle_dec lam (g j)); [|lra].
      apply div_nonneg; [apply (Sl j Hj)|apply s_pos; exact Hj].
    + unfold supported. destruct (Rle_dec lam (g i)); [|contradiction].
      apply Rdiv_lt_0_compat; [apply (Sl i Hi); exact Y|apply s_pos; exact Hi].
  - eexists; eexists; exact Sa.
Qed.

(* ------------------------------------------------------------------- inverses of envelopes *)

Section Inverse.
Variables (env : R -> R) (a : R).
Hypothesis env_concave : concave env.
Hypothesis env_zero : env 0 = 0.
Hypothesis env_one : env 1 = 1.
Hypothesis env_below : forall x, 0 <= x <= 1 -> env x <= a * x.

(* Lower bounds, in [0,1], of the sizes at which the envelope has reached y. *)
Definition reaches_later (y x : R) : Prop :=
  0 <= x <= 1 /\ forall z, 0 <= z <= 1 -> y <= env z -> x <= z.

Lemma later_bounded y : bound (reaches_later y).
Proof. exists 1. intros x (X & _). lra. Qed.

Lemma later_inhabited y : exists x, reaches_later y x.
Proof. exists 0. split; [lra|]. intros. lra. Qed.

Definition least_size (y : R) : R :=
  proj1_sig (completeness (reaches_later y) (later_bounded y) (later_inhabited y)).

Lemma least_size_lub y : is_lub (reaches_later y) (least_size y).
Proof. unfold least_size. destruct completeness as (p & L). exact L. Qed.

Lemma env_scales x z : 0 < z <= 1 -> 0 <= x <= z -> x * env z <= z * env x.
Proof.
  intros Z X. assert (T : 0 <= x / z <= 1).
  { split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. }
  assert (C := env_concave z 0 (x / z) ltac:(lra) ltac:(lra) T).
  replace (x / z * z + (1 - x / z) * 0) with x in C by (field; lra). rewrite env_zero in C.
  replace (x * env z) with (z * (x / z * env z)) by (field; lra).
  apply Rmult_le_compat_l; lra.
Qed.

Lemma least_size_least y z : 0 <= z <= 1 -> y <= env z -> least_size y <= z.
Proof.
  intros Z Y. destruct (least_size_lub y) as (_ & L). apply L. intros x (_ & X). apply X; auto.
Qed.

Lemma least_size_reaches y : 0 <= y <= 1 -> 0 <= least_size y <= 1 /\ env (least_size y) = y.
Proof.
  intros Y. set (p := least_size y). assert (B : 0 <= p <= 1).
  { split; [|apply least_size_least; [lra|rewrite env_one; lra]].
    apply least_size_lub. split; [lra|]. intros. lra. }
  split; [exact B|]. assert (A : 1 <= a) by (specialize (env_below 1); lra).
  assert (P : 0 < y -> y / a <= p).
  { intros Yp. apply least_size_lub.
    assert (Q : y / a <= 1) by (apply div_le_iff_le_mult; lra).
    split; [split; [apply div_nonneg|]; lra|]. intros z Z E.
    apply div_le_iff_le_mult; [lra|]. specialize (env_below z Z). lra. }
  destruct (Req_dec p 0) as [Z|Z].
  { rewrite Z, env_zero. destruct (Req_dec y 0) as [|N]; [lra|]. exfalso.
    assert (0 < y / a) by (apply Rdiv_lt_0_compat; lra). lra. }
  assert (E : 0 < env p).
  { assert (C := env_scales p 1 ltac:(lra) ltac:(lra)). rewrite env_one in C. lra. }
  destruct (Rtotal_order (env p) y) as [L|[L|L]]; [exfalso|exact L|exfalso].
  - assert (F : forall z, 0 <= z <= 1 -> y <= env z -> p * y / env p <= z).
    { intros z Hz Ez. assert (p <= z) by (apply least_size_least; auto).
      apply div_le_iff_le_mult; [exact E|].
      assert (C := env_scales p z ltac:(lra) ltac:(lra)).
      apply Rle_trans with (p * env z); [|lra]. apply Rmult_le_compat_l; lra. }
    assert (p * y / env p <= p).
    { apply least_size_lub. split; [|exact F]. split; [|apply F; rewrite ?env_one; lra].
      apply div_nonneg; [apply Rmult_le_pos; lra|exact E]. }
    assert (D : p * y <= p * env p) by (apply div_le_iff_le_mult in H; lra).
    apply Rmult_le_reg_l in D; lra.
  - set (z := p * y / env p).
    assert (Hz : 0 <= z < p).
    { unfold z. split; [apply div_nonneg; [apply Rmult_le_pos; lra|exact E]|].
      apply Rmult_lt_reg_r with (env p); [exact E|].
      replace (p * y / env p * env p) with (p * y) by (field; lra).
      apply Rmult_lt_compat_l; lra. }
    assert (p <= z); [|lra]. apply least_size_least; [lra|].
    assert (C := env_scales z p ltac:(lra) ltac:(lra)).
    replace (z * env p) with (p * y) in C by (unfold z; field; lra).
    apply Rmult_le_reg_l in C; lra.
Qed.

Lemma inverse_exists : inverse env least_size.
Proof.
  intros y Y. destruct (least_size_reaches y Y) as (P & E). split; [exact P|]. split; [exact E|].
  intros x X L. apply least_size_least; auto.
Qed.

End Inverse.

(* --------------------------------------------- profiles straight between finitely many points *)

Fixpoint top (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S k => Rmax (top k f) (f k) end.

Lemma top_above n f i : (i < n)%nat -> f i <= top n f.
Proof.
  induction n; simpl; intros Hi; [lia|]. destruct (Nat.eq_dec i n) as [->|]; [apply Rmax_r|].
  apply Rle_trans with (top n f); [apply IHn; lia|apply Rmax_l].
Qed.

Lemma top_reached n f : top n f = 0 \/ exists i, (i < n)%nat /\ f i = top n f.
Proof.
  induction n; simpl; [auto|]. unfold Rmax. destruct (Rle_dec (top n f) (f n)).
  - right. exists n. auto with arith.
  - destruct IHn as [->|(i & Hi & E)]; [auto|]. right. exists i. auto with arith.
Qed.

Section Grid.
Variables (k : nat) (x : nat -> R) (phi : R -> R).
Hypothesis phi_damage : damage phi.
Hypothesis x_grid : grid k x.
Hypothesis phi_straight : straight k x phi.

Lemma grid_rises i j : (i <= j)%nat -> (j <= k)%nat -> x i <= x j.
Proof.
  destruct x_grid as (_ & _ & L). induction j; intros A B.
  - replace i with O by lia. lra.
  - destruct (Nat.eq_dec i (S j)) as [->|]; [lra|]. specialize (L j ltac:(lia)).
    assert (x i <= x j) by (apply IHj; lia). lra.
Qed.

Lemma grid_in_unit i : (i <= k)%nat -> 0 <= x i <= 1.
Proof.
  intros Hi. destruct x_grid as (Z & U & _). split.
  - rewrite <- Z. apply grid_rises; lia.
  - rewrite <- U. apply grid_rises; lia.
Qed.

Lemma segment_of z : 0 <= z <= 1 -> exists j, (j < k)%nat /\ x j <= z <= x (S j).
Proof.
  intros Z. destruct x_grid as (Z0 & U & _).
  assert (A : forall j, (j <= k)%nat -> x j < z \/ exists i, (i < k)%nat /\ x i <= z <= x (S i)
                        \/ z <= x 0%nat).
  { induction j; intros Hj.
    - destruct (Rlt_dec (x 0%nat) z); [left; auto|]. right. exists O. right. lra.
    - destruct (IHj ltac:(lia)) as [L|R1]; [|right; exact R1].
      destruct (Rlt_dec (x (S j)) z); [left; auto|]. right. exists j. left. split; [lia|lra]. }
  assert (K : (0 < k)%nat).
  { destruct (Nat.eq_dec k 0) as [E|]; [|lia]. rewrite E in U. lra. }
  destruct (A k (Nat.le_refl k)) as [L|(i & [B|B])]; [lra|exists i; exact B|].
  exists O. split; [exact K|]. assert (x 0%nat <= x 1%nat) by (apply grid_rises; lia). lra.
Qed.

(* What lies below a line at the points lies below it everywhere. *)
Lemma below_line a c z : (forall j, (j <= k)%nat -> phi (x j) <= c + a * x j) ->
  0 <= z <= 1 -> phi z <= c + a * z.
Proof.
  intros B Z. destruct (segment_of z Z) as (j & Hj & L). destruct x_grid as (_ & _ & G).
  specialize (G j Hj). assert (E := phi_straight j z Hj L).
  assert (B1 := B j ltac:(lia)). assert (B2 := B (S j) ltac:(lia)).
  apply Rmult_le_reg_l with (x (S j) - x j); [lra|]. rewrite E.
  apply Rle_trans with ((x (S j) - z) * (c + a * x j) + (z - x j) * (c + a * x (S j))); [|lra].
  apply Rplus_le_compat; apply Rmult_le_compat_l; lra.
Qed.

Definition chord (i j : nat) (z : R) : R :=
  phi (x i) + (z - x i) / (x j - x i) * (phi (x j) - phi (x i)).
Definition around (z : R) (i j : nat) : R :=
  if Rle_dec (x i) z then if Rle_dec z (x j) then chord i j z else 0 else 0.
Definition hull (z : R) : R := top (S k) (fun i => top (S k) (around z i)).

Lemma chord_below_hull i j z : (i <= k)%nat -> (j <= k)%nat -> x i <= z <= x j ->
  chord i j z <= hull z.
Proof.
  intros Hi Hj Z. apply Rle_trans with (top (S k) (around z i)).
  - apply Rle_trans with (around z i j); [|apply top_above; lia].
    unfold around. destruct (Rle_dec (x i) z), (Rle_dec z (x j)); lra.
  - apply (top_above (S k) (fun i => top (S k) (around z i))). lia.
Qed.

(* Every chord is a mixture of the two points that it joins. *)
Lemma chord_is_mixture i j z : x i <= z <= x j -> exists t, 0 <= t <= 1
  /\ t * x i + (1 - t) * x j = z /\ t * phi (x i) + (1 - t) * phi (x j) = chord i j z.
Proof.
  intros Z. unfold chord. destruct (Req_dec (x i) (x j)) as [E|N].
  - exists 1. replace (z - x i) with 0 by lra. unfold Rdiv. rewrite !Rmult_0_l. lra.
  - exists ((x j - z) / (x j - x i)). split; [split|split].
    + apply div_nonneg; lra.
    + apply div_le_iff_le_mult; lra.
    + field. lra.
    + field. lra.
Qed.

Lemma hull_reached z : 0 <= z <= 1 -> exists i j,
  (i <= k)%nat /\ (j <= k)%nat /\ x i <= z <= x j /\ chord i j z = hull z.
Proof.
  intros Z. destruct x_grid as (Z0 & U & _). destruct phi_damage as (P0 & P1 & _).
  assert (F : hull z = 0 -> exists i j,
    (i <= k)%nat /\ (j <= k)%nat /\ x i <= z <= x j /\ chord i j z = hull z).
  { intros E. exists 0%nat, k. split; [lia|]. split; [lia|]. split; [lra|].
    assert (C := chord_below_hull 0 k z ltac:(lia) ltac:(lia) ltac:(lra)).
    assert (D : chord 0 k z = z) by (unfold chord; rewrite Z0, U, P0, P1; field).
    lra. }
  unfold hull in *.
  destruct (top_reached (S k) (fun i => top (S k) (around z i))) as [E|(i & Hi & E)]; [auto|].
  rewrite <- E in *. destruct (top_reached (S k) (around z i)) as [E'|(j & Hj & E')]; [auto|].
  rewrite <- E' in *. unfold around in *.
  destruct (Rle_dec (x i) z), (Rle_dec z (x j)); auto.
  exists i, j. split; [lia|]. split; [lia|]. split; [lra|reflexivity].
Qed.

(* A line through the hull at z above all points: the steepest to a point on the right. *)
Lemma line_above z : 0 <= z <= 1 -> exists a, forall j, (j <= k)%nat ->
  phi (x j) <= hull z + a * (x j - z).
Proof.
  intros Z. destruct x_grid as (_ & U & _). destruct (Rlt_dec z 1) as [L|L].
  - destruct (argmin_exists (S k) (fun j => z < x j)
      (fun j => - ((phi (x j) - hull z) / (x j - z)))) as (j & Hj & Pj & M).
    { intros. apply Rlt_dec. }
    { exists k. split; [lia|lra]. }
    set (a := (phi (x j) - hull z) / (x j - z)).
    assert (E : phi (x j) = hull z + a * (x j - z)) by (unfold a; field; lra).
    exists a. intros i Hi. destruct (Rlt_dec z (x i)) as [A|A].
    + specialize (M i ltac:(lia) A). fold a in M.
      replace (phi (x i)) with (hull z + (phi (x i) - hull z) / (x i - z) * (x i - z))
        by (field; lra).
      apply Rplus_le_compat_l, Rmult_le_compat_r; lra.
    + assert (C := chord_below_hull i j z Hi ltac:(lia) ltac:(lra)). unfold chord in C.
      apply Rmult_le_reg_r with (x j - z); [lra|].
      assert (D : (phi (x i) + (z - x i) / (x j - x i) * (phi (x j) - phi (x i))) * (x j - x i)
                  <= hull z * (x j - x i)) by (apply Rmult_le_compat_r; lra).
      replace ((phi (x i) + (z - x i) / (x j - x i) * (phi (x j) - phi (x i))) * (x j - x i))
        with (phi (x i) * (x j - z) + (z - x i) * phi (x j)) in D by (field; lra).
      rewrite E in D. lra.
  - exists 0. intros j Hj. replace z with 1 by lra.
    assert (C := chord_below_hull k k 1 ltac:(lia) ltac:(lia) ltac:(lra)). unfold chord in C.
    rewrite U in C. destruct phi_damage as (_ & P1 & M). rewrite P1 in C.
    assert (X := grid_in_unit j Hj). assert (phi (x j) <= phi 1) by (apply M; lra). lra.
Qed.

Lemma hull_below_line a c z : (forall j, (j <= k)%nat -> phi (x j) <= c + a * x j) ->
  0 <= z <= 1 -> hull z <= c + a * z.
Proof.
  intros B Z. destruct (hull_reached z Z) as (i & j & Hi & Hj & L & <-).
  destruct (chord_is_mixture i j z L) as (t & T & E & <-).
  assert (Bi := B i Hi). assert (Bj := B j Hj). rewrite <- E.
  apply Rle_trans with (t * (c + a * x i) + (1 - t) * (c + a * x j)); [|lra].
  apply Rplus_le_compat; apply Rmult_le_compat_l; lra.
Qed.

Lemma hull_envelope : envelope phi hull.
Proof.
  split.
  - intros u v t Hu Hv T. set (z := t * u + (1 - t) * v).
    assert (Z : 0 <= z <= 1) by (unfold z; split; nra).
    destruct (line_above z Z) as (a & A).
    assert (A' : forall j, (j <= k)%nat -> phi (x j) <= (hull z - a * z) + a * x j).
    { intros j Hj. specialize (A j Hj). lra. }
    assert (Lu := hull_below_line a _ u A' Hu). assert (Lv := hull_below_line a _ v A' Hv).
    apply Rle_trans with (t * (hull z - a * z + a * u) + (1 - t) * (hull z - a * z + a * v)).
    + apply Rplus_le_compat; apply Rmult_le_compat_l; lra.
    + unfold z. lra.
  - intros z Z. split.
    + destruct (line_above z Z) as (a & A).
      apply Rle_trans with ((hull z - a * z) + a * z); [|lra]. apply below_line; auto.
      intros j Hj. specialize (A j Hj). lra.
    + destruct (hull_reached z Z) as (i & j & Hi & Hj & L & <-).
      destruct (chord_is_mixture i j z L) as (t & T & E & C).
      exists (x i), (x j), t. split; [apply grid_in_unit; exact Hi|].
      split; [apply grid_in_unit; exact Hj|]. auto.
Qed.

Lemma hull_below_some_line : exists a, forall z, 0 <= z <= 1 -> hull z <= a * z.
Proof.
  destruct (line_above 0) as (a & A); [lra|]. exists a. intros z Z.
  rewrite (env_at_zero phi hull phi_damage hull_envelope) in A.
  apply Rle_trans with (0 + a * z); [|lra]. apply hull_below_line; auto.
  intros j Hj. specialize (A j Hj). lra.
Qed.

Lemma hull_at_one : hull 1 = 1.
Proof.
  destruct phi_damage as (P0 & P1 & M). destruct hull_envelope as (_ & E).
  destruct (E 1) as (L & u & v & t & Hu & Hv & T & _ & Y); [lra|].
  assert (phi u <= phi 1) by (apply M; lra). assert (phi v <= phi 1) by (apply M; lra).
  assert (t * phi u <= t * phi 1) by (apply Rmult_le_compat_l; lra).
  assert ((1 - t) * phi v <= (1 - t) * phi 1) by (apply Rmult_le_compat_l; lra). lra.
Qed.

End Grid.

Lemma N4_grid : N4_grid_statement.
Proof.
  intros k x phi D G P. assert (E := hull_envelope k x phi D G P).
  destruct (hull_below_some_line k x phi D G P) as (a & A).
  exists (hull k x phi), (least_size (hull k x phi)). split; [exact E|]. split.
  - apply inverse_exists with (a := a); auto.
    + apply E.
    + apply env_at_zero with (phi := phi); auto.
    + apply hull_at_one; auto.
  - intros z Z. destruct (hull_reached k x phi D G z Z) as (i & j & Hi & Hj & L & <-).
    destruct (chord_is_mixture x phi i j z L) as (t & T & Et & C).
    exists i, j, t. auto.
Qed.
