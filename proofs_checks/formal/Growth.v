(* A function grows where its derivative is not negative, and what follows for exp.  The mean value
   theorem of the library, and with it ln, rests on excluded middle; this does not. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums.
Open Scope R_scope.

Section Growth.
Variables (f f' : R -> R) (a b eps : R).
Hypothesis Derivative : forall x, a <= x <= b -> derivable_pt_lim f x (f' x).
Hypothesis Sign : forall x, a <= x <= b -> 0 <= f' x.
Hypothesis Eps : 0 < eps.
(* Points at which f is above the falling line through (a, f a). *)
Let line (x : R) : R := f a - eps * (x - a).
Let E (x : R) : Prop := a <= x <= b /\ line x <= f x.

(* A point of E that is not the last one has others of E above it. *)
Lemma growth_onward x : E x -> x < b -> exists y, x < y /\ E y.
Proof.
  intros [B L] N. destruct (Derivative x B eps Eps) as [d Hd].
  set (h := Rmin (d / 2) (b - x)). assert (D := cond_pos d).
  assert (H : 0 < h) by (unfold h; apply Rmin_glb_lt; lra).
  assert (Hl := Rmin_l (d / 2) (b - x)). assert (Hr := Rmin_r (d / 2) (b - x)). fold h in Hl, Hr.
  exists (x + h). split; [lra|]. split; [lra|].
  assert (Q := Hd h ltac:(lra) ltac:(rewrite Rabs_right by lra; lra)).
  apply Rabs_def2 in Q. destruct Q as [_ Q]. assert (Z := Sign x B).
  set (q := (f (x + h) - f x) / h) in *.
  assert (Eq : f (x + h) = f x + q * h) by (unfold q; field; lra).
  assert (- eps * h <= q * h) by (apply Rmult_le_compat_r; lra).
  unfold line in *. rewrite Eq. lra.
Qed.

(* A limit of points of E from below is in E. *)
Lemma growth_closed s : a <= s <= b -> is_lub E s -> line s <= f s.
Proof.
  intros B [U Least]. apply Rnot_lt_le. intros N. set (gap := line s - f s).
  destruct (Derivative s B 1 Rlt_0_1) as [d Hd]. set (C := Rabs (f' s) + 1).
  assert (PC : 0 < C) by (assert (H := Rabs_pos (f' s)); unfold C; lra).
  assert (G : 0 < gap / C) by (apply Rdiv_lt_0_compat; unfold gap; lra).
  set (r := Rmin (d / 2) (gap / C)). assert (D := cond_pos d).
  assert (Pr : 0 < r) by (unfold r; apply Rmin_glb_lt; lra).
  assert (Rl := Rmin_l (d / 2) (gap / C)). assert (Rr := Rmin_r (d / 2) (gap / C)).
  fold r in Rl, Rr.
  assert (is_upper_bound E (s - r)); [|assert (s <= s - r) by (apply Least; assumption); lra].
  intros x Ex. apply Rnot_lt_le. intros Near. assert (Xs := U x Ex). destruct Ex as [Bx Lx].
  assert (x <> s) by (intros ->; lra).
  assert (Q := Hd (x - s) ltac:(lra) ltac:(rewrite Rabs_left by lra; lra)).
  replace (s + (x - s)) with x in Q by ring. set (q := (f x - f s) / (x - s)) in *.
  assert (Eq : f x = f s + - q * (s - x)) by (unfold q; field; lra).
  assert (A1 := Rabs_def2 _ _ Q). assert (A2 := RRle_abs (- f' s)). rewrite Rabs_Ropp in A2.
  assert (- q * (s - x) <= C * (s - x)) by (apply Rmult_le_compat_r; unfold C; lra).
  assert (C * (s - x) <= C * (gap / C)) by (apply Rmult_le_compat_l; lra).
  replace (C * (gap / C)) with gap in * by (field; lra).
  assert (0 < eps * (s - x)) by (apply Rmult_lt_0_compat; lra).
  unfold gap, line in *. lra.
Qed.

Lemma growth_above : a <= b -> line b <= f b.
Proof.
  intros AB. assert (Ea : E a) by (unfold E, line; lra).
  destruct (completeness E) as [s Lub].
  - exists b. intros x Ex. apply Ex.
  - exists a. exact Ea.
  - assert (Bs : a <= s <= b).
    { split; [apply Lub, Ea|apply Lub]. intros x Ex. apply Ex. }
    assert (L := growth_closed s Bs Lub).
    destruct (Req_dec s b) as [<-|N]; [exact L|].
    destruct (growth_onward s (conj Bs L)) as (y & Y & Ey); [lra|].
    assert (y <= s) by (apply Lub, Ey). lra.
Qed.
End Growth.

Lemma growth f f' a b : (forall x, a <= x <= b -> derivable_pt_lim f x (f' x)) ->
  (forall x, a <= x <= b -> 0 <= f' x) -> a <= b -> f a <= f b.
Proof.
  intros D P AB. apply Rnot_lt_le. intros N.
  set (eps := (f a - f b) / (2 * (b - a + 1))).
  assert (Eps : 0 < eps) by (apply Rdiv_lt_0_compat; lra).
  assert (L := growth_above f f' a b eps D P Eps AB).
  assert (eps * (b - a) <= eps * (b - a + 1)) by (apply Rmult_le_compat_l; lra).
  assert (eps * (b - a + 1) = (f a - f b) / 2) by (unfold eps; field; lra). lra.
Qed.

(* ------------------------------------------------------------------------------------ exp *)

Lemma linear_derivative a u : derivable_pt_lim (fun x => a * x) u a.
Proof.
  assert (H : derivable_pt_lim (mult_real_fct a id) u (a * 1))
    by apply derivable_pt_lim_scal, derivable_pt_lim_id.
  rewrite Rmult_1_r in H. exact H.
Qed.

Lemma exp_le x y : x <= y -> exp x <= exp y.
Proof.
  apply (growth exp exp); intros; [apply derivable_pt_lim_exp|left; apply exp_pos].
Qed.

Lemma exp_above_line x : 1 + x <= exp x.
Proof.
  destruct (Rle_dec 0 x) as [P|P].
  - assert (L : exp 0 - 1 * 0 <= exp x - 1 * x); [|rewrite exp_0 in L; lra].
    apply (growth (fun u => exp u - 1 * u) (fun u => exp u - 1)); [| |exact P].
    + intros u _. apply (derivable_pt_lim_minus exp);
        [apply derivable_pt_lim_exp|apply linear_derivative].
    + intros u [U _]. apply exp_le in U. rewrite exp_0 in U. lra.
  - assert (L : 1 * x - exp x <= 1 * 0 - exp 0); [|rewrite exp_0 in L; lra].
    apply (growth (fun u => 1 * u - exp u) (fun u => 1 - exp u)); [| |lra].
    + intros u _. apply (derivable_pt_lim_minus (fun u => 1 * u) exp);
        [apply linear_derivative|apply derivable_pt_lim_exp].
    + intros u [_ U]. apply exp_le in U. rewrite exp_0 in U. lra.
Qed.

Lemma exp_lt x y : x < y -> exp x < exp y.
Proof.
  intros L. replace y with (x + (y - x)) by ring. rewrite exp_plus.
  rewrite <- (Rmult_1_r (exp x)) at 1. apply Rmult_lt_compat_l; [apply exp_pos|].
  assert (H := exp_above_line (y - x)). lra.
Qed.

Lemma exp_le_inv x y : exp x <= exp y -> x <= y.
Proof. intros L. apply Rnot_lt_le. intros N. apply exp_lt in N. lra. Qed.

Lemma logarithm : logarithm_statement.
Proof.
  intros x X. destruct (intermediate_value exp 0 x x) as (L & B & E).
  - intros u. apply derivable_continuous_pt. exists (exp u). apply derivable_pt_lim_exp.
  - lra.
  - assert (H := exp_above_line x). rewrite exp_0. lra.
  - exists L. split; [lra|]. split; [exact E|].
    intros L' E'. apply Rle_antisym; apply exp_le_inv; lra.
Qed.
