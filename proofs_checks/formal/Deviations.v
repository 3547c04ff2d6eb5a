(* Errors of any size (N4): the saddle point by the envelope, convex damage, the worse damage. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements TeacherStatements Sums Levels.
Open Scope R_scope.

(* ------------------------------------------------------------------------- laws on sizes *)

Lemma expect_linear mu a c f h :
  expect mu (fun x => a * f x + c * h x) = a * expect mu f + c * expect mu h.
Proof. induction mu as [|[w x] mu IH]; simpl; [lra|]. rewrite IH. lra. Qed.

Lemma expect_const mu c : expect mu (fun _ => c) = c * expect mu (fun _ => 1).
Proof. induction mu as [|[w x] mu IH]; simpl; [lra|]. rewrite IH. lra. Qed.

Lemma expect_le mu f h :
  (forall w x, In (w, x) mu -> 0 <= w /\ 0 <= x <= 1) ->
  (forall x, 0 <= x <= 1 -> f x <= h x) -> expect mu f <= expect mu h.
Proof.
  induction mu as [|[w x] mu IH]; simpl; intros L F; [lra|].
  assert (expect mu f <= expect mu h) by (apply IH; auto).
  destruct (L w x) as (W & X); auto. specialize (F x X). nra.
Qed.

Definition two (t u v : R) : sizes := (t, u) :: (1 - t, v) :: nil.

Lemma two_is_law t u v : 0 <= t <= 1 -> 0 <= u <= 1 -> 0 <= v <= 1 -> size_law (two t u v).
Proof.
  intros T U V. split; [|unfold two; simpl; lra].
  intros w x [E|[E|[]]]; inversion E; subst; lra.
Qed.

Lemma expect_two t u v f : expect (two t u v) f = t * f u + (1 - t) * f v.
Proof. unfold two. simpl. lra. Qed.

(* One law for each of finitely many points. *)
Lemma finite_laws n (P : nat -> sizes -> Prop) :
  (forall i, (i < n)%nat -> exists mu, P i mu) ->
  exists mu, forall i, (i < n)%nat -> P i (mu i).
Proof.
  induction n; intros E; [exists (fun _ => nil); intros; lia|].
  destruct IHn as (mu & M); [intros; apply E; lia|].
  destruct (E n) as (nu & N); [lia|].
  exists (fun i => if Nat.eq_dec i n then nu else mu i). intros i Hi.
  destruct (Nat.eq_dec i n) as [->|]; [exact N|apply M; lia].
Qed.

(* --------------------------------------------------------------------- damage, and psi *)

Section Envelope.
Variables phi env psi : R -> R.
Hypothesis phi_damage : damage phi.
Hypothesis env_envelope : envelope phi env.
Hypothesis psi_inverse : inverse env psi.

Lemma phi_in_unit x : 0 <= x <= 1 -> 0 <= phi x <= 1.
Proof.
  destruct phi_damage as (Z & U & M). intros X. split.
  - rewrite <- Z. apply M; lra.
  - rewrite <- U. apply M; lra.
Qed.

(* Damage phi x takes a size of psi (phi x) at most. *)
Lemma psi_of_phi x : 0 <= x <= 1 -> psi (phi x) <= x.
Proof.
  intros X. destruct (psi_inverse (phi x) (phi_in_unit x X)) as (_ & _ & L). apply L; auto.
  destruct env_envelope as (_ & E). apply E. auto.
Qed.

(* Two sizes whose mean is psi y and whose damage is y. *)
Lemma mixture_of y : 0 <= y <= 1 -> exists mu,
  size_law mu /\ length mu = 2%nat /\ mean_size mu = psi y /\ expect mu phi = y.
Proof.
  intros Y. destruct (psi_inverse y Y) as (P & E & _). destruct env_envelope as (_ & M).
  destruct (M (psi y) P) as (_ & u & v & t & U & V & T & S1 & S2).
  exists (two t u v). split; [apply two_is_law; auto|]. split; [reflexivity|].
  unfold mean_size. rewrite !expect_two. split; lra.
Qed.

Lemma mixtures n (y : nat -> R) : (forall i, (i < n)%nat -> 0 <= y i <= 1) ->
  exists mu, forall i, (i < n)%nat ->
    size_law (mu i) /\ length (mu i) = 2%nat /\ mean_size (mu i) = psi (y i)
    /\ expect (mu i) phi = y i.
Proof. intros Y.
  apply (finite_laws n (fun i mu => size_law mu /\ length mu = 2%nat /\ mean_size mu = psi (y i)
    /\ expect mu phi = y i)). intros i Hi. apply mixture_of. auto. Qed.

(* A slope of psi bounds the damage of every law. *)
Lemma slope_bounds_damage y d mu : slope psi y d -> size_law mu ->
  d * (expect mu phi - y) <= mean_size mu - psi y.
Proof.
  intros (D & B) (L & W).
  assert (E : expect mu (fun x => d * phi x + (- 1) * x) <= expect mu (fun _ => d * y - psi y)).
  { apply expect_le; auto. intros x X. specialize (B (phi x) (phi_in_unit x X)).
    assert (psi (phi x) <= x) by (apply psi_of_phi; auto). lra. }
  rewrite expect_linear, expect_const, W in E. unfold mean_size. lra.
Qed.

Section Game.
Variables (n : nat) (g h : nat -> R) (m lam : R).
Hypothesis is_pool : pool n g h.
Let s := stake g h.
Hypothesis lam_nonneg : 0 <= lam.

Lemma shaved_in_unit i : (i < n)%nat -> 0 <= shaved g s lam i <= 1.
Proof.
  intros Hi. assert (P := is_pool i Hi). unfold s. split.
  - apply shaved_nonneg with (n := n); [apply pool_stakes_positive; auto|auto].
  - unfold shaved, stake. apply div_le_iff_le_mult; [lra|]. apply Rmax_lub; lra.
Qed.

(* Against laws of damage shaved no design earns more than b lam. *)
Lemma mixtures_hold_level q b mu :
  (forall i, (i < n)%nat -> expect (mu i) phi = shaved g s lam i) ->
  uncapped n b q -> soft_payoff n g s phi q mu <= b * lam.
Proof.
  intros E (N & B).
  replace (soft_payoff n g s phi q mu) with (payoff n g s q (shaved g s lam)).
  - apply shaving_holds_level; auto. apply pool_stakes_positive. auto.
  - apply sum_ext. intros i Hi. rewrite E; auto.
Qed.

Section Design.
Variable d : nat -> R.
Hypothesis level_lam : sum n (fun i => psi (shaved g s lam i)) = m.
Hypothesis slopes : forall i, (i < n)%nat -> slope psi (shaved g s lam i) (d i).
Let w := supported g lam (fun i => d i / s i).
Hypothesis w_positive : 0 < sum n w.

Lemma w_nonneg i : (i < n)%nat -> 0 <= w i.
Proof.
  intros Hi. unfold w, supported. destruct (Rle_dec lam (g i)); [|lra].
  apply div_nonneg; [apply slopes; auto|]. apply pool_stakes_positive with (n := n); auto.
Qed.

(* What a point contributes, whatever law the teacher chooses for it. *)
Lemma point_earns mu i : (i < n)%nat -> size_law mu ->
  w i * lam - (mean_size mu - psi (shaved g s lam i)) <= w i * (g i - s i * expect mu phi).
Proof.
  intros Hi L. assert (P : 0 < s i) by (apply pool_stakes_positive with (n := n); auto).
  assert (B := slope_bounds_damage _ _ mu (slopes i Hi) L).
  unfold w, supported. destruct (Rle_dec lam (g i)) as [A|A].
  - assert (E : s i * shaved g s lam i = g i - lam).
    { unfold shaved. rewrite pos_of_nonneg by lra. field. lra. }
    replace (d i / s i * (g i - s i * expect mu phi))
      with (d i / s i * g i - d i * expect mu phi) by (field; lra).
    replace (d i / s i * g i) with (d i / s i * lam + d i * shaved g s lam i); [lra|].
    transitivity (d i / s i * (lam + s i * shaved g s lam i)); [field; lra|f_equal; lra].
  - assert (Z : shaved g s lam i = 0).
    { unfold shaved. rewrite pos_of_nonpos by lra. unfold Rdiv. lra. }
    rewrite Z in *. assert (psi 0 <= 0).
    { destruct (psi_inverse 0) as (_ & _ & M); [lra|]. apply M; [lra|].
      destruct env_envelope as (_ & F). destruct (F 0) as (F0 & _); [lra|].
      destruct phi_damage as (F1 & _). lra. }
    assert (0 <= mean_size mu); [|lra]. destruct L as (L & _). unfold mean_size.
    rewrite <- (Rmult_0_l (expect mu (fun _ => 1))), <- expect_const.
    apply expect_le; auto. intros x X. lra.
Qed.

Lemma design_earns mu : deviations n m mu ->
  lam * sum n w <= sum n (fun i => w i * (g i - s i * expect (mu i) phi)).
Proof.
  intros (L & M).
  assert (E : sum n (fun i => w i * lam - (mean_size (mu i) - psi (shaved g s lam i)))
              <= sum n (fun i => w i * (g i - s i * expect (mu i) phi))).
  { apply sum_le. intros i Hi. apply point_earns; auto. }
  rewrite !sum_minus, level_lam in E.
  rewrite (sum_ext n (fun i => w i * lam) (fun i => lam * w i)) in E by (intros; lra).
  rewrite sum_scal in E. lra.
Qed.

Lemma soft_design b : 0 <= b -> exists mu,
  soft_saddle n b m g s phi (fun i => b * (w i / sum n w)) mu (b * lam)
  /\ forall i, (i < n)%nat ->
       length (mu i) = 2%nat /\ mean_size (mu i) = psi (shaved g s lam i)
       /\ expect (mu i) phi = shaved g s lam i.
Proof.
  intros B. destruct (mixtures n (shaved g s lam)) as (mu & M).
  { intros. apply shaved_in_unit. auto. }
  exists mu. split; [|intros i Hi; apply M; auto].
  split; [split|split; [split|split]].
  - intros i Hi. apply Rmult_le_pos; auto. apply div_nonneg; auto. apply w_nonneg. auto.
  - rewrite sum_scal. right.
    rewrite (sum_ext n _ (fun i => / sum n w * w i)) by (intros; unfold Rdiv; lra).
    rewrite sum_scal. field. lra.
  - intros i Hi. apply M. auto.
  - rewrite <- level_lam. apply sum_le. intros i Hi. right. apply M. auto.
  - intros mu' D. apply design_earns in D.
    replace (soft_payoff n g s phi (fun i => b * (w i / sum n w)) mu')
      with (b / sum n w * sum n (fun i => w i * (g i - s i * expect (mu' i) phi))).
    + replace (b * lam) with (b / sum n w * (lam * sum n w)) by (field; lra).
      apply Rmult_le_compat_l; auto. apply div_nonneg; auto.
    + unfold soft_payoff. rewrite <- sum_scal. apply sum_ext. intros. field. lra.
  - intros q' U. apply mixtures_hold_level; auto. intros i Hi. apply M. auto.
Qed.

End Design.
End Game.
End Envelope.

Lemma N4_saddle : N4_saddle_statement.
Proof.
  intros n g h m b phi env psi lam d P B s D E V (L & _) Lp Sl w W.
  apply (soft_design phi env psi D E V n g h m lam P (Rlt_le _ _ Lp) d L Sl W b B).
Qed.

Lemma soft_zero phi env psi n g h m b : damage phi -> envelope phi env -> inverse env psi ->
  pool n g h -> 0 <= b -> sum n (fun i => psi (g i / stake g h i)) <= m ->
  soft_value n b m g (stake g h) phi 0.
Proof.
  intros D E V P B M. assert (Z : forall i, (i < n)%nat ->
    g i / stake g h i = shaved g (stake g h) 0 i).
  { intros i Hi. unfold shaved. rewrite pos_of_nonneg; [f_equal; lra|]. specialize (P i Hi). lra. }
  destruct (mixtures phi env psi E V n (shaved g (stake g h) 0)) as (mu & A).
  { intros i Hi. apply shaved_in_unit with (n := n); auto; lra. }
  exists (fun _ => 0), mu. split; [split|split; [split|split]].
  - intros i Hi. lra.
  - rewrite sum_zero; auto.
  - intros i Hi. apply A. auto.
  - eapply Rle_trans; [|exact M]. apply sum_le. intros i Hi. rewrite Z by auto. right.
    apply A. auto.
  - intros mu' _. right. symmetry. apply sum_zero. intros. lra.
  - intros q' U. replace 0 with (b * 0) by lra.
    apply mixtures_hold_level with (h := h); auto; [lra|]. intros i Hi. apply A. auto.
Qed.

Lemma N4_zero : N4_zero_statement.
Proof.
  intros n g h m b phi env psi P B s D E V M. apply soft_zero with (env := env) (psi := psi); auto.
Qed.

Lemma N4_unique : N4_unique_statement.
Proof.
  intros n g s m b phi v v' (q & mu & Q & M & A & B) (q' & mu' & Q' & M' & A' & B').
  specialize (A mu' M'). specialize (B q' Q'). specialize (A' mu M). specialize (B' q Q). lra.
Qed.

Lemma N4_worse : N4_worse_statement.
Proof.
  intros n g s m b phi v v' (Z & U & _) (q & mu & Q & M & A & _) (q' & l & Q' & (L1 & L2) & _ & B').
  specialize (A (fun i => two (l i) 1 0)). specialize (B' q Q).
  assert (D : deviations n m (fun i => two (l i) 1 0)).
  { split; [intros i Hi; apply two_is_law; auto; lra|]. eapply Rle_trans; [|exact L2].
    apply sum_le. intros i Hi. unfold mean_size. rewrite expect_two. lra. }
  specialize (A D).
  replace (soft_payoff n g s phi q (fun i => two (l i) 1 0)) with (payoff n g s q l) in A; [lra|].
  apply sum_ext. intros i Hi. rewrite expect_two, Z, U. f_equal. f_equal. f_equal. lra.
Qed.

(* ------------------------------------------------------------------------- convex damage *)

Lemma convex_below_chord phi x : damage phi -> convex phi -> 0 <= x <= 1 -> phi x <= x.
Proof.
  intros (Z & U & _) C X. specialize (C 1 0 x). cbv beta in C.
  replace (x * 1 + (1 - x) * 0) with x in C by lra. rewrite Z, U in C. lra.
Qed.

Lemma straight_envelope phi : damage phi -> convex phi -> envelope phi (fun x => x).
Proof.
  intros D C. split; [intros x y t X Y T; lra|]. intros x X.
  split; [apply convex_below_chord; auto|]. destruct D as (Z & U & _).
  exists 1, 0, x. repeat split; try lra. rewrite Z, U. lra.
Qed.

Lemma straight_inverse : inverse (fun x => x) (fun y => y).
Proof. intros y Y. repeat split; try lra. intros. lra. Qed.

Lemma N4_convex : N4_convex_statement.
Proof.
  intros phi D C. assert (E := straight_envelope phi D C). split; [exact E|].
  split; [exact straight_inverse|]. intros n g h m b lam P B s (L & i & Hi & Li) Lp.
  destruct (soft_design phi (fun x => x) (fun y => y) D E straight_inverse n g h m lam P
    (Rlt_le _ _ Lp) (fun _ => 1)) with (b := b) as (mu & M & _); auto.
  - intros k Hk. split; [lra|]. intros. lra.
  - assert (s_pos := pool_stakes_positive n g h P). apply sum_pos with (i := i); auto.
    + intros k Hk. unfold supported. destruct (Rle_dec lam (g k)); [|lra].
      apply div_nonneg; [lra|auto].
    + unfold supported. destruct (Rle_dec lam (g i)); [|lra]. unfold Rdiv. rewrite Rmult_1_l.
      apply Rinv_0_lt_compat. apply s_pos. auto.
  - eexists; eexists; exact M.
Qed.
