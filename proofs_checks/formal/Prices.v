(* Existence of two prices lam, tau that clear two markets whose supplies jump: mistakes fall with
   both prices, spending falls with lam and rises with tau. *)
Require Import Reals Lra Lia Bool.
From Radsim Require Import Statements Sums Levels.
Open Scope R_scope.

Lemma sum_heavier_as_mask n s tau a : sum n (heavier s tau a) =
  sum n (fun i => if (if Rlt_dec tau (s i) then true else false) then a i else 0).
Proof. apply sum_ext. intros. unfold heavier. destruct (Rlt_dec tau (s i)); reflexivity. Qed.

Lemma sum_as_heavy_as_mask n s tau a : sum n (as_heavy s tau a) =
  sum n (fun i => if (if Rle_dec tau (s i) then true else false) then a i else 0).
Proof. apply sum_ext. intros. unfold as_heavy. destruct (Rle_dec tau (s i)); reflexivity. Qed.

Lemma sum_heavier_antitone n s a tau tau' : nonneg n a -> tau <= tau' ->
  sum n (heavier s tau' a) <= sum n (heavier s tau a).
Proof.
  intros N L. apply sum_le. intros i Hi. specialize (N i Hi). unfold heavier.
  destruct (Rlt_dec tau' (s i)), (Rlt_dec tau (s i)); lra.
Qed.

Lemma sum_as_heavy_antitone n s a tau tau' : nonneg n a -> tau <= tau' ->
  sum n (as_heavy s tau' a) <= sum n (as_heavy s tau a).
Proof.
  intros N L. apply sum_le. intros i Hi. specialize (N i Hi). unfold as_heavy.
  destruct (Rle_dec tau' (s i)), (Rle_dec tau (s i)); lra.
Qed.

(* Such sums keep their distance from m, the same one for every threshold. *)
Lemma sum_heavier_gap n s a m : exists eps, 0 < eps /\
  forall t, m < sum n (heavier s t a) -> m + eps <= sum n (heavier s t a).
Proof.
  destruct (subset_sum_gap_above n a m) as (eps & E & G). exists eps. split; auto. intros t.
  rewrite sum_heavier_as_mask. apply (G (fun i => if Rlt_dec t (s i) then true else false)).
Qed.

Lemma sum_as_heavy_gap n s a m : exists eps, 0 < eps /\
  forall t, sum n (as_heavy s t a) < m -> sum n (as_heavy s t a) <= m - eps.
Proof.
  destruct (subset_sum_gap_below n a m) as (eps & E & G). exists eps. split; auto. intros t.
  rewrite sum_as_heavy_as_mask. apply (G (fun i => if Rle_dec t (s i) then true else false)).
Qed.

(* The threshold at which m of the amounts a, largest stakes first, are used up. *)
Lemma threshold_exists n s a m : all_positive n s -> nonneg n a -> 0 <= m ->
  exists tau, 0 <= tau /\ sum n (heavier s tau a) <= m
    /\ (tau = 0 \/ m <= sum n (as_heavy s tau a)).
Proof.
  intros s_pos N M. destruct (Rle_dec (sum n (heavier s 0 a)) m) as [L|L].
  { exists 0. split; [lra|]. auto. }
  assert (Hn : (0 < n)%nat) by (destruct n; [simpl in L; lra|lia]).
  destruct (argmin_exists n (fun k => sum n (heavier s (s k) a) <= m) s) as (k & Hk & Pk & Mk).
  { intros k. destruct (Rle_dec (sum n (heavier s (s k) a)) m); [left|right]; auto. }
  { destruct (greatest_exists n s Hn) as (x & B & k & Hk & E). exists k. split; auto.
    rewrite sum_zero; auto. intros i Hi. unfold heavier. specialize (B i Hi).
    destruct (Rlt_dec (s k) (s i)); lra. }
  exists (s k). split; [apply Rlt_le, s_pos; auto|]. split; auto. right.
  destruct (Rle_dec m (sum n (as_heavy s (s k) a))) as [?|Q]; auto. exfalso.
  (* the largest stake below s k, if any, would do as well *)
  destruct (Rle_dec (sum n (as_heavy s (s k) a)) (sum n (heavier s 0 a))) as [_|F].
  2:{ apply F. apply sum_le. intros i Hi. specialize (N i Hi). specialize (s_pos i Hi).
      unfold as_heavy, heavier. destruct (Rle_dec (s k) (s i)), (Rlt_dec 0 (s i)); lra. }
  assert (D : (exists i, (i < n)%nat /\ s i < s k) \/ forall i, (i < n)%nat -> s k <= s i).
  { clear. induction n; [right; intros; lia|].
    destruct IHn as [(i & Hi & A)|A]; [left; exists i; auto with arith|].
    destruct (Rlt_dec (s n) (s k)); [left; exists n; auto with arith|].
    right. intros i Hi. destruct (Nat.eq_dec i n) as [->|]; [lra|apply A; lia]. }
  destruct D as [D|D].
  - destruct (argmin_exists n (fun i => s i < s k) (fun i => - s i)) as (j & Hj & Pj & Mj); auto.
    { intros i. destruct (Rlt_dec (s i) (s k)); [left|right]; auto. }
    assert (s k <= s j); [|lra]. apply Mk; auto.
    apply Rle_trans with (sum n (as_heavy s (s k) a)); [|lra].
    apply sum_le. intros i Hi. specialize (N i Hi). unfold as_heavy, heavier.
    destruct (Rlt_dec (s j) (s i)), (Rle_dec (s k) (s i)); try lra.
    assert (- s j <= - s i) by (apply Mj; auto; lra). lra.
  - apply L. apply Rle_trans with (sum n (as_heavy s (s k) a)); [|lra].
    apply sum_le. intros i Hi. specialize (N i Hi). specialize (D i Hi). unfold as_heavy, heavier.
    destruct (Rle_dec (s k) (s i)), (Rlt_dec 0 (s i)); lra.
Qed.

(* Decidable and closed upwards, so no axiom of choice or excluded middle is needed. *)
Lemma decidable_infimum (E : R -> Prop) : (exists x, E x) -> (forall x, E x -> 0 <= x) ->
  (forall x, E x \/ ~ E x) -> (forall x y, E x -> x <= y -> E y) ->
  exists y, 0 <= y /\ (forall x, E x -> y <= x) /\ (forall d, 0 < d -> E (y + d)).
Proof.
  intros (x0 & X0) B Dec Up.
  destruct (completeness (fun z => E (- z))) as (u & U1 & U2).
  { exists 0. intros z Z. specialize (B _ Z). lra. }
  { exists (- x0). rewrite Ropp_involutive. exact X0. }
  exists (- u). split; [|split].
  - assert (u <= 0); [|lra]. apply U2. intros z Z. specialize (B _ Z). lra.
  - intros x X. assert (- x <= u); [|lra]. apply U1. rewrite Ropp_involutive. exact X.
  - intros d D. destruct (Dec (- u + d)) as [?|N]; auto. exfalso.
    assert (u <= u - d); [|lra]. apply U2. intros z Z.
    destruct (Rle_dec z (u - d)); auto. exfalso. apply N. apply Up with (- z); auto. lra.
Qed.

Lemma bounded_exists_dec n (P : nat -> Prop) : (forall i, {P i} + {~ P i}) ->
  {exists i, (i < n)%nat /\ P i} + {~ exists i, (i < n)%nat /\ P i}.
Proof.
  intros D. induction n; [right; intros (i & Hi & _); lia|].
  destruct IHn as [A|A]; [left; destruct A as (i & Hi & Q); exists i; auto with arith|].
  destruct (D n) as [B|B]; [left; exists n; auto|].
  right. intros (i & Hi & Q). destruct (Nat.eq_dec i n) as [->|]; [auto|].
  apply A. exists i. split; auto. lia.
Qed.

(* demand lam i: mistakes that shave point i down to the level lam.  Between least_spent and
   most_spent lies what the budget can be at these prices: without the points at the level, or with
   them.  The levels that can be afforded are closed upwards, and at the least of them both markets
   clear. *)
Section Clearing.
Variables (n : nat) (s : nat -> R) (demand : R -> nat -> R) (least_spent most_spent : R -> R -> R).
Variables (m b K top : R).
Hypothesis s_pos : all_positive n s.
Hypothesis m_nonneg : 0 <= m.
Hypothesis K_nonneg : 0 <= K.
Hypothesis demand_nonneg : forall lam, nonneg n (demand lam).
Hypothesis demand_lipschitz : forall (mask : nat -> bool) x y,
  sum n (fun i => if mask i then demand x i else 0)
  <= sum n (fun i => if mask i then demand y i else 0) + K * Rabs (x - y).
Hypothesis demand_antitone : forall x y i, (i < n)%nat -> x <= y -> demand y i <= demand x i.
Hypothesis least_spent_antitone : forall x y t, 0 <= t -> x <= y ->
  least_spent y t <= least_spent x t.
Hypothesis least_spent_continuous : forall lam, continuity (least_spent lam).
Hypothesis least_spent_monotone : forall lam t t', 0 <= t <= t' ->
  least_spent lam t <= least_spent lam t'.
Hypothesis most_spent_monotone : forall lam t t', 0 <= t <= t' ->
  most_spent lam t <= most_spent lam t'.
Hypothesis least_le_most_spent : forall lam t, 0 <= t -> least_spent lam t <= most_spent lam t.
Hypothesis least_spent_right_continuous : forall lam, exists eps, 0 < eps /\
  forall x t, lam <= x < lam + eps -> 0 <= t -> least_spent lam t <= least_spent x t.
Hypothesis least_spent_left_limit : forall lam, exists eps, 0 < eps /\
  forall x t, lam - eps < x < lam -> 0 <= t -> least_spent x t <= most_spent lam t.
Hypothesis top_nonneg : 0 <= top.
Hypothesis top_clears : sum n (heavier s 0 (demand top)) <= m /\ least_spent top 0 <= b.

Definition affordable_at lam t := sum n (heavier s t (demand lam)) <= m /\ least_spent lam t <= b.
Definition affordable lam := 0 <= lam /\ exists t, 0 <= t /\ affordable_at lam t.

(* The thresholds to try are 0 and the stakes. *)
Lemma affordable_at_a_candidate lam :
  affordable lam <-> 0 <= lam /\ (affordable_at lam 0 \/ exists k, (k < n)%nat
    /\ affordable_at lam (s k)).
Proof.
  split.
  - intros (L & t & T & A & B). split; auto.
    destruct (bounded_exists_dec n (fun i => s i <= t)) as [D|D].
    { intros i. destruct (Rle_dec (s i) t); [left|right]; auto. }
    + destruct (argmin_exists n (fun i => s i <= t) (fun i => - s i)) as (k & Hk & Pk & Mk); auto.
      { intros i. destruct (Rle_dec (s i) t); [left|right]; auto. }
      right. exists k. split; auto. split.
      * eapply Rle_trans; [|exact A]. apply sum_le. intros i Hi. unfold heavier.
        assert (N := demand_nonneg lam i Hi).
        destruct (Rlt_dec (s k) (s i)), (Rlt_dec t (s i)); try lra.
        assert (- s k <= - s i) by (apply Mk; auto; lra). lra.
      * eapply Rle_trans; [|exact B]. apply least_spent_monotone. split; auto. apply Rlt_le, s_pos.
        auto.
    + left. split.
      * eapply Rle_trans; [|exact A]. apply sum_le. intros i Hi. unfold heavier.
        assert (N := demand_nonneg lam i Hi).
        destruct (Rlt_dec 0 (s i)), (Rlt_dec t (s i)); try lra.
        exfalso. apply D. exists i. split; auto. lra.
      * eapply Rle_trans; [|exact B]. apply least_spent_monotone. lra.
  - intros (L & [(A & B)|(k & Hk & A & B)]); split; auto.
    + exists 0. split; [lra|split; auto].
    + exists (s k). split; [apply Rlt_le, s_pos; auto|split; auto].
Qed.

Lemma affordable_at_dec lam t : {affordable_at lam t} + {~ affordable_at lam t}.
Proof.
  unfold affordable_at. destruct (Rle_dec (sum n (heavier s t (demand lam))) m),
    (Rle_dec (least_spent lam t) b);
  [left; auto|right; tauto|right; tauto|right; tauto].
Qed.

Lemma affordable_dec lam : {affordable lam} + {~ affordable lam}.
Proof.
  destruct (Rle_dec 0 lam) as [L|L]; [|right; intros (A & _); auto].
  destruct (affordable_at_dec lam 0) as [A|A]; [left; apply affordable_at_a_candidate; auto|].
  destruct (bounded_exists_dec n (fun k => affordable_at lam (s k))) as [B|B].
  - intros. apply affordable_at_dec.
  - left. apply affordable_at_a_candidate. auto.
  - right. intros C. apply affordable_at_a_candidate in C. tauto.
Qed.

Lemma affordable_upwards x y : affordable x -> x <= y -> affordable y.
Proof.
  intros (X & t & T & A & B) L. split; [lra|]. exists t. split; auto. split.
  - eapply Rle_trans; [|exact A]. apply sum_le. intros i Hi. unfold heavier.
    destruct (Rlt_dec t (s i)); [apply demand_antitone; auto|lra].
  - eapply Rle_trans; [|exact B]. apply least_spent_antitone; auto.
Qed.

Lemma threshold_that_spends_budget lam t t' : 0 <= t <= t' ->
  sum n (heavier s t (demand lam)) <= m -> (t' = 0 \/ m <= sum n (as_heavy s t' (demand lam))) ->
  least_spent lam t <= b <= least_spent lam t' ->
  exists u, t <= u <= t' /\ sum n (heavier s u (demand lam)) <= m
    /\ (u = 0 \/ m <= sum n (as_heavy s u (demand lam))) /\ least_spent lam u = b.
Proof.
  intros T A B C. destruct (intermediate_value (least_spent lam) t t' b) as (u & U & E); auto;
    [lra|].
  exists u. split; auto. split; [|split; auto].
  - eapply Rle_trans; [apply sum_heavier_antitone with (tau := t); auto; lra|auto].
  - destruct B as [->|B]; [left; lra|right].
    eapply Rle_trans; [exact B|]. apply sum_as_heavy_antitone; auto. lra.
Qed.

(* A short move of the level moves what any choice of points demands by less than eps. *)
Lemma demand_moves_little (mask : nat -> bool) eps x y : x <= y < x + eps / (K + 1) ->
  sum n (fun i => if mask i then demand x i else 0)
  < sum n (fun i => if mask i then demand y i else 0) + eps.
Proof.
  intros Hxy. assert (Lip := demand_lipschitz mask x y). rewrite Rabs_left1 in Lip by lra.
  assert (K * - (x - y) < eps); [|lra].
  apply Rle_lt_trans with ((K + 1) * (y - x)); [nra|].
  apply Rlt_le_trans with ((K + 1) * (eps / (K + 1))); [|right; field; lra].
  apply Rmult_lt_compat_l; lra.
Qed.

Lemma heavier_demand_moves_little t eps x y : x <= y < x + eps / (K + 1) ->
  sum n (heavier s t (demand x)) < sum n (heavier s t (demand y)) + eps.
Proof. rewrite !sum_heavier_as_mask. apply demand_moves_little. Qed.

Lemma as_heavy_demand_moves_little t eps x y : x <= y < x + eps / (K + 1) ->
  sum n (as_heavy s t (demand x)) < sum n (as_heavy s t (demand y)) + eps.
Proof. rewrite !sum_as_heavy_as_mask. apply demand_moves_little. Qed.

(* Levels just above are affordable, so this one is: what is demanded cannot jump over m. *)
Lemma affordable_from_above lam : (forall d, 0 < d -> affordable (lam + d)) ->
  exists t, 0 <= t /\ affordable_at lam t.
Proof.
  intros Above. destruct (sum_heavier_gap n s (demand lam) m) as (e1 & E1 & G1).
  destruct (least_spent_right_continuous lam) as (e2 & E2 & G2).
  assert (D1 : 0 < e1 / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  assert (Mp : 0 < Rmin (e1 / (K + 1)) e2) by (apply Rmin_glb_lt; auto).
  assert (M1 := Rmin_l (e1 / (K + 1)) e2). assert (M2 := Rmin_r (e1 / (K + 1)) e2).
  destruct (Above (Rmin (e1 / (K + 1)) e2 / 2)) as (X0 & t & T & A & B); [lra|].
  set (x := lam + Rmin (e1 / (K + 1)) e2 / 2) in *.
  assert (Hx : lam <= x /\ x < lam + e1 / (K + 1) /\ x < lam + e2) by (unfold x; lra).
  exists t. split; auto. split.
  - assert (Near := heavier_demand_moves_little t e1 lam x ltac:(lra)).
    destruct (Rle_dec (sum n (heavier s t (demand lam))) m) as [?|Over]; auto.
    specialize (G1 t ltac:(lra)). lra.
  - eapply Rle_trans; [apply G2 with (x := x); auto; lra|exact B].
Qed.

(* Levels just below are not affordable, so at this one the budget can be spent. *)
Lemma spendable_from_below lam : 0 < lam -> (forall x, affordable x -> lam <= x) ->
  exists t, 0 <= t /\ (t = 0 \/ m <= sum n (as_heavy s t (demand lam))) /\ b <= most_spent lam t.
Proof.
  intros L0 Least. destruct (sum_as_heavy_gap n s (demand lam) m) as (e1 & E1 & G1).
  destruct (least_spent_left_limit lam) as (e2 & E2 & G2).
  assert (D1 : 0 < e1 / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  set (d := Rmin (Rmin (e1 / (K + 1)) e2) lam / 2).
  assert (Dm : 0 < Rmin (Rmin (e1 / (K + 1)) e2) lam) by (repeat apply Rmin_glb_lt; lra).
  assert (M0 := Rmin_l (Rmin (e1 / (K + 1)) e2) lam).
  assert (M1 := Rmin_l (e1 / (K + 1)) e2). assert (M2 := Rmin_r (e1 / (K + 1)) e2).
  assert (M3 := Rmin_r (Rmin (e1 / (K + 1)) e2) lam).
  assert (Dd : 0 < d /\ d < e1 / (K + 1) /\ d < e2 /\ d < lam) by (unfold d; lra).
  destruct (threshold_exists n s (demand (lam - d)) m) as (t & T & A & B); auto.
  assert (Dear : b < least_spent (lam - d) t).
  { destruct (Rlt_dec b (least_spent (lam - d) t)) as [?|Q]; auto. exfalso.
    assert (lam <= lam - d); [|lra]. apply Least. split; [lra|]. exists t.
    split; auto. split; auto. lra. }
  exists t. split; auto. split.
  - destruct B as [?|B]; [left; auto|right].
    assert (Near := as_heavy_demand_moves_little t e1 (lam - d) lam ltac:(lra)).
    destruct (Rle_dec m (sum n (as_heavy s t (demand lam)))) as [?|Short]; auto.
    specialize (G1 t ltac:(lra)). lra.
  - assert (least_spent (lam - d) t <= most_spent lam t) by (apply G2; auto; lra). lra.
Qed.

Definition clearing lam t : Prop := 0 <= t
  /\ sum n (heavier s t (demand lam)) <= m
  /\ (t = 0 \/ m <= sum n (as_heavy s t (demand lam)))
  /\ least_spent lam t <= b /\ (lam = 0 \/ b <= most_spent lam t).

Lemma clearing_when_budget_is_met lam u : 0 <= u -> sum n (heavier s u (demand lam)) <= m ->
  (u = 0 \/ m <= sum n (as_heavy s u (demand lam))) -> least_spent lam u = b -> clearing lam u.
Proof.
  intros U A B E. split; auto. split; auto. split; auto. split; [lra|].
  right. rewrite <- E. apply least_le_most_spent. auto.
Qed.

(* The threshold t0 clears the mistakes but leaves some of the budget: raise it. *)
Lemma clearing_above_threshold lam t0 t : 0 <= t0 -> sum n (heavier s t0 (demand lam)) <= m ->
  least_spent lam t0 <= b -> most_spent lam t0 < b ->
  0 <= t -> (t = 0 \/ m <= sum n (as_heavy s t (demand lam))) -> b <= most_spent lam t ->
  exists u, clearing lam u.
Proof.
  intros T0 A0 Lo Hi T A B. assert (t0 < t).
  { destruct (Rle_dec t t0); [|lra].
    assert (most_spent lam t <= most_spent lam t0) by (apply most_spent_monotone; lra). lra. }
  destruct (Rle_dec (least_spent lam t) b) as [L|L].
  - exists t. split; auto. split; [|split; [|split]]; auto.
    eapply Rle_trans; [apply sum_heavier_antitone with (tau := t0); auto; lra|auto].
  - destruct (threshold_that_spends_budget lam t0 t) as (u & U & X & Y & Z); auto; try lra.
    exists u. apply clearing_when_budget_is_met; auto. lra.
Qed.

(* The threshold t0 clears the mistakes but costs too much: lower it. *)
Lemma clearing_below_threshold lam t0 t : 0 <= t0 ->
  (t0 = 0 \/ m <= sum n (as_heavy s t0 (demand lam))) -> b < least_spent lam t0 ->
  0 <= t -> affordable_at lam t -> exists u, clearing lam u.
Proof.
  intros T0 A0 Lo T (A & B). assert (t < t0).
  { destruct (Rle_dec t0 t); [|lra].
    assert (least_spent lam t0 <= least_spent lam t) by (apply least_spent_monotone; lra). lra. }
  destruct (threshold_that_spends_budget lam t t0) as (u & U & X & Y & Z); auto; try lra.
  exists u. apply clearing_when_budget_is_met; auto. lra.
Qed.

Lemma clearing_prices_exist : exists lam t, 0 <= lam /\ clearing lam t.
Proof.
  destruct (decidable_infimum affordable) as (lam & L0 & Least & Above).
  { exists top. split; auto. exists 0. split; [lra|exact top_clears]. }
  { intros x (X & _). exact X. }
  { intros x. destruct (affordable_dec x); auto. }
  { exact affordable_upwards. }
  exists lam. destruct (threshold_exists n s (demand lam) m) as (t0 & T0 & A0 & B0); auto.
  assert (Clear : exists t, clearing lam t); [|destruct Clear as (t & C); exists t; auto].
  destruct (Rle_dec (least_spent lam t0) b) as [Lo|Lo].
  - destruct (Req_dec lam 0) as [Z|Z]; [exists t0; repeat (split; auto)|].
    destruct (Rle_dec b (most_spent lam t0)) as [Hi|Hi]; [exists t0; repeat (split; auto)|].
    destruct (spendable_from_below lam) as (t & T & A & B); auto; [lra|].
    apply (clearing_above_threshold lam t0 t); auto. lra.
  - destruct (affordable_from_above lam Above) as (t & T & A).
    apply (clearing_below_threshold lam t0 t); auto. lra.
Qed.
End Clearing.
