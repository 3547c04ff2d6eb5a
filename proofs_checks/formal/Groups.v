(* A1 without replacement: one price lam of the budget and one threshold a group.  As in Prices.v,
   the least level that can be afforded clears all markets; here at the lowest thresholds. *)
Require Import Reals Lra Lia Bool.
From Radsim Require Import Statements MoreStatements Sums Levels Prices Capped Forced.
Open Scope R_scope.

(* ------------------------------------------------------------------ choices among finitely many *)

Lemma finite_choice (A : Type) (a : A) k (P : nat -> A -> Prop) :
  (forall j, (j < k)%nat -> exists x, P j x) -> exists t, forall j, (j < k)%nat -> P j (t j).
Proof.
  induction k; intros H; [exists (fun _ => a); intros; lia|].
  destruct IHk as (t & T); [intros; apply H; lia|]. destruct (H k) as (x & X); [lia|].
  exists (fun j => if Nat.eq_dec j k then x else t j). intros j Hj.
  destruct (Nat.eq_dec j k) as [->|]; [exact X|apply T; lia].
Qed.

Lemma common_gap k (P : nat -> R -> Prop) : (forall j e e', P j e -> 0 < e' <= e -> P j e') ->
  (forall j, (j < k)%nat -> exists e, 0 < e /\ P j e) ->
  exists e, 0 < e /\ forall j, (j < k)%nat -> P j e.
Proof.
  intros Down H. induction k; [exists 1; split; [lra|intros; lia]|].
  destruct IHk as (e & E & G); [intros; apply H; lia|]. destruct (H k) as (d & D & Pd); [lia|].
  assert (M1 := Rmin_l e d). assert (M2 := Rmin_r e d).
  assert (M : 0 < Rmin e d) by (apply Rmin_glb_lt; auto).
  exists (Rmin e d). split; auto. intros j Hj.
  destruct (Nat.eq_dec j k) as [->|]; [apply Down with d; auto|].
  apply Down with e; auto. apply G. lia.
Qed.

(* The lowest threshold above which at most m of the amounts a lie. *)
Lemma lowest_threshold n s a m : all_positive n s -> nonneg n a -> 0 <= m ->
  exists tau, 0 <= tau /\ sum n (heavier s tau a) <= m
    /\ (tau = 0 \/ m <= sum n (as_heavy s tau a))
    /\ forall t, 0 <= t -> sum n (heavier s t a) <= m -> tau <= t.
Proof.
  intros s_pos N M.
  destruct (decidable_infimum (fun t => 0 <= t /\ sum n (heavier s t a) <= m))
    as (y & Y0 & Least & Above).
  { destruct (threshold_exists n s a m s_pos N M) as (t & T & B & _). exists t. auto. }
  { intros x X. apply X. }
  { intros x. destruct (Rle_dec 0 x), (Rle_dec (sum n (heavier s x a)) m);
    [left; auto|right; tauto|right; tauto|right; tauto]. }
  { intros x z (X & B) L. split; [lra|]. eapply Rle_trans; [|exact B].
    apply sum_heavier_antitone; auto. }
  exists y. destruct (point_gap n s y) as (e & E & G). split; [exact Y0|split; [|split]].
  - destruct (Above (e / 2)) as (_ & B); [lra|]. eapply Rle_trans; [|exact B].
    apply sum_le. intros i Hi. specialize (N i Hi). destruct (G i Hi) as (G1 & _).
    unfold heavier. destruct (Rlt_dec y (s i)), (Rlt_dec (y + e / 2) (s i)); lra.
  - destruct (Req_dec y 0) as [Z|Z]; [left; auto|right].
    destruct (Rle_dec m (sum n (as_heavy s y a))) as [?|Short]; auto. exfalso.
    assert (M1 := Rmin_l e y). assert (M2 := Rmin_r e y).
    assert (Mp : 0 < Rmin e y) by (apply Rmin_glb_lt; lra).
    assert (y <= y - Rmin e y / 2); [|lra]. apply Least. split; [lra|].
    apply Rle_trans with (sum n (as_heavy s y a)); [|lra].
    apply sum_le. intros i Hi. specialize (N i Hi). destruct (G i Hi) as (_ & G2).
    unfold heavier, as_heavy. destruct (Rlt_dec (y - Rmin e y / 2) (s i)), (Rle_dec y (s i));
      lra.
  - intros t T B. apply Least. auto.
Qed.

Lemma sum_by_groups n k (c : nat -> nat) (t f : nat -> R) :
  (forall i, (i < n)%nat -> (c i < k)%nat) ->
  sum n (fun i => t (c i) * f i) = sum k (fun j => t j * sum n (inside c j f)).
Proof.
  induction n; intros Hc; simpl.
  - symmetry. apply sum_zero. intros. ring.
  - rewrite IHn by auto. rewrite (sum_ext k (fun j => t j * (sum n (inside c j f) + inside c j f n))
      (fun j => t j * sum n (inside c j f) + unit_vector (c n) j * (t j * f n))).
    + rewrite sum_plus, (sum_unit_vector_times k (c n) (fun j => t j * f n)) by auto. reflexivity.
    + intros j Hj. unfold inside, unit_vector.
      destruct (Nat.eq_dec (c n) j), (Nat.eq_dec j (c n)); subst; try ring; exfalso; auto.
Qed.

Lemma sum_of_groups n k (c : nat -> nat) f : (forall i, (i < n)%nat -> (c i < k)%nat) ->
  sum n f = sum k (fun j => sum n (inside c j f)).
Proof.
  intros Hc. assert (E := sum_by_groups n k c (fun _ => 1) f Hc). simpl in E.
  rewrite (sum_ext n f (fun i => 1 * f i)) by (intros; ring). rewrite E.
  apply sum_ext. intros. ring.
Qed.

Section Groups.
Variables (n k : nat) (g s : nat -> R) (c : nat -> nat) (m : nat -> R) (b : R).
Hypothesis s_pos : all_positive n s.
Hypothesis in_groups : forall i, (i < n)%nat -> (c i < k)%nat.
Hypothesis m_nonneg : nonneg k m.
Hypothesis b_nonneg : 0 <= b.

Let one (i : nat) : R := 1.
Let demand (lam : R) (j : nat) : nat -> R := inside c j (limit g s one lam).
Let K := sum n (fun i => / s i).

Let one_nonneg : nonneg n one.
Proof. intros i Hi. unfold one. lra. Qed.

Definition fits lam (t : nat -> R) : Prop := forall j, (j < k)%nat ->
  0 <= t j /\ sum n (heavier s (t j) (demand lam j)) <= m j.
Definition used lam (t : nat -> R) : Prop := forall j, (j < k)%nat ->
  t j = 0 \/ m j <= sum n (as_heavy s (t j) (demand lam j)).
Definition least_of lam (t : nat -> R) : R :=
  sum n (fun i => least_share g s one lam (t (c i)) i).
Definition most_of lam (t : nat -> R) : R :=
  sum n (fun i => most_share g s one lam (t (c i)) i).

Lemma demand_nonneg lam j : nonneg n (demand lam j).
Proof.
  intros i Hi. assert (N := limit_nonneg n g s one s_pos one_nonneg lam i Hi).
  unfold demand, inside. destruct (Nat.eq_dec (c i) j); [exact N|lra].
Qed.

Lemma least_share_monotone lam t t' i : (i < n)%nat -> 0 <= t <= t' ->
  least_share g s one lam t i <= least_share g s one lam t' i.
Proof.
  intros Hi T. assert (L := share_monotone t t' s i (s_pos i Hi) (proj2 T)). unfold least_share.
  destruct (Rlt_dec lam (g i)); [destruct (Rlt_dec lam (protected_gain g s one i))|]; lra.
Qed.

Lemma most_share_monotone lam t t' i : (i < n)%nat -> 0 <= t <= t' ->
  most_share g s one lam t i <= most_share g s one lam t' i.
Proof.
  intros Hi T. assert (L := share_monotone t t' s i (s_pos i Hi) (proj2 T)). unfold most_share.
  destruct (Rle_dec lam (g i)); [destruct (Rle_dec lam (protected_gain g s one i))|]; lra.
Qed.

Lemma least_share_lipschitz lam t t' i : (i < n)%nat ->
  Rabs (least_share g s one lam t i - least_share g s one lam t' i) <= / s i * Rabs (t - t').
Proof.
  intros Hi. assert (L := share_lipschitz t t' s i (s_pos i Hi)).
  assert (0 <= / s i * Rabs (t - t')) by (eapply Rle_trans; [apply Rabs_pos|exact L]).
  unfold least_share.
  destruct (Rlt_dec lam (g i)); [destruct (Rlt_dec lam (protected_gain g s one i))|]; auto;
  rewrite Rminus_diag_eq by reflexivity; rewrite Rabs_R0; auto.
Qed.

Lemma least_of_monotone lam t t' : (forall j, (j < k)%nat -> 0 <= t j <= t' j) ->
  least_of lam t <= least_of lam t'.
Proof. intros T. apply sum_le. intros i Hi. apply least_share_monotone; auto. Qed.

Lemma most_of_monotone lam t t' : (forall j, (j < k)%nat -> 0 <= t j <= t' j) ->
  most_of lam t <= most_of lam t'.
Proof. intros T. apply sum_le. intros i Hi. apply most_share_monotone; auto. Qed.

Lemma least_of_le_most_of lam t : nonneg k t -> least_of lam t <= most_of lam t.
Proof.
  intros T. apply sum_le. intros i Hi. unfold least_share, most_share.
  assert (A := share_nonneg (t (c i)) s i (T _ (in_groups i Hi)) (s_pos i Hi)).
  assert (B := share_le_one (t (c i)) s i).
  destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)), (Rlt_dec lam (protected_gain g s one i)),
    (Rle_dec lam (protected_gain g s one i)); lra.
Qed.

(* What any choice of points demands moves by at most K times the move of the level. *)
Lemma heavier_moves t j x y : sum n (heavier s t (demand x j))
  <= sum n (heavier s t (demand y j)) + K * Rabs (x - y).
Proof.
  set (mask := fun i => (if Rlt_dec t (s i) then true else false)
                        && (if Nat.eq_dec (c i) j then true else false)).
  assert (E : forall z, sum n (heavier s t (demand z j))
              = sum n (fun i => if mask i then limit g s one z i else 0)).
  { intros z. apply sum_ext. intros i Hi. unfold mask, heavier, demand, inside.
    destruct (Rlt_dec t (s i)), (Nat.eq_dec (c i) j); reflexivity. }
  rewrite !E. apply limit_sum_lipschitz. exact s_pos.
Qed.

Lemma as_heavy_moves t j x y : sum n (as_heavy s t (demand x j))
  <= sum n (as_heavy s t (demand y j)) + K * Rabs (x - y).
Proof.
  set (mask := fun i => (if Rle_dec t (s i) then true else false)
                        && (if Nat.eq_dec (c i) j then true else false)).
  assert (E : forall z, sum n (as_heavy s t (demand z j))
              = sum n (fun i => if mask i then limit g s one z i else 0)).
  { intros z. apply sum_ext. intros i Hi. unfold mask, as_heavy, demand, inside.
    destruct (Rle_dec t (s i)), (Nat.eq_dec (c i) j); reflexivity. }
  rewrite !E. apply limit_sum_lipschitz. exact s_pos.
Qed.

Lemma move_less_than e x y : 0 < e -> x <= y < x + e / (K + 1) -> K * Rabs (x - y) < e.
Proof.
  intros E H. assert (KN : 0 <= K).
  { apply sum_nonneg. intros i Hi. apply Rlt_le, Rinv_0_lt_compat. auto. }
  rewrite Rabs_left1 by lra. apply Rle_lt_trans with ((K + 1) * (y - x)); [nra|].
  apply Rlt_le_trans with ((K + 1) * (e / (K + 1))); [|right; field; lra].
  apply Rmult_lt_compat_l; lra.
Qed.

Lemma lowest_thresholds lam : exists t, fits lam t /\ used lam t
  /\ forall t', fits lam t' -> forall j, (j < k)%nat -> t j <= t' j.
Proof.
  destruct (finite_choice R 0 k (fun j x => 0 <= x
     /\ sum n (heavier s x (demand lam j)) <= m j
     /\ (x = 0 \/ m j <= sum n (as_heavy s x (demand lam j)))
     /\ forall y, 0 <= y -> sum n (heavier s y (demand lam j)) <= m j -> x <= y)) as (t & T).
  { intros j Hj. apply lowest_threshold; auto. apply demand_nonneg. }
  exists t. split; [|split].
  - intros j Hj. destruct (T j Hj) as (A & B & _). auto.
  - intros j Hj. apply T; auto.
  - intros t' F j Hj. destruct (F j Hj). apply T; auto.
Qed.

Definition affordable_level lam : Prop :=
  0 <= lam /\ exists t, fits lam t /\ least_of lam t <= b.

Lemma affordable_level_decided lam : affordable_level lam \/ ~ affordable_level lam.
Proof.
  destruct (Rle_dec 0 lam) as [L|L]; [|right; intros (A & _); auto].
  destruct (lowest_thresholds lam) as (t & F & _ & Low).
  destruct (Rle_dec (least_of lam t) b) as [B|B]; [left; split; auto; exists t; auto|right].
  intros (_ & t' & F' & B'). apply B. eapply Rle_trans; [|exact B'].
  apply least_of_monotone. intros j Hj. split; [apply F; auto|apply Low; auto].
Qed.

Lemma affordable_level_upwards x y : affordable_level x -> x <= y -> affordable_level y.
Proof.
  intros (X & t & F & B) L. split; [lra|]. exists t. split.
  - intros j Hj. destruct (F j Hj) as (T & A). split; auto. eapply Rle_trans; [|exact A].
    apply sum_le. intros i Hi. unfold heavier, demand, inside.
    assert (D := limit_antitone n g s one s_pos x y i Hi L). destruct (Rlt_dec (t j) (s i)); [|lra].
    destruct (Nat.eq_dec (c i) j); [exact D|lra].
  - eapply Rle_trans; [|exact B]. apply sum_le. intros i Hi. unfold least_share.
    destruct (F (c i) (in_groups i Hi)) as (T & _).
    assert (A := share_nonneg (t (c i)) s i T (s_pos i Hi)).
    assert (C := share_le_one (t (c i)) s i).
    destruct (Rlt_dec x (g i)), (Rlt_dec y (g i)), (Rlt_dec x (protected_gain g s one i)),
      (Rlt_dec y (protected_gain g s one i)); lra.
Qed.

Lemma some_level_affordable : exists x, affordable_level x.
Proof.
  exists (sum n (fun i => Rabs (g i))). split; [apply sum_nonneg; intros; apply Rabs_pos|].
  assert (T : forall i, (i < n)%nat -> g i <= sum n (fun i => Rabs (g i))).
  { intros i Hi. eapply Rle_trans; [apply RRle_abs|].
    apply (term_le_sum n (fun i => Rabs (g i))); auto. intros. apply Rabs_pos. }
  exists (fun _ => 0). split.
  - intros j Hj. split; [lra|]. rewrite sum_zero; auto. intros i Hi. specialize (T i Hi).
    unfold heavier, demand, inside, limit, shaved.
    destruct (Rlt_dec 0 (s i)), (Nat.eq_dec (c i) j); auto.
    rewrite pos_of_nonpos by lra. unfold Rdiv. rewrite Rmult_0_l. apply Rmin_right.
    unfold one. lra.
  - unfold least_of. rewrite sum_zero; auto. intros i Hi. specialize (T i Hi).
    unfold least_share. destruct (Rlt_dec (sum n (fun i => Rabs (g i))) (g i)); lra.
Qed.

Lemma affordable_at_infimum lam : (forall d, 0 < d -> affordable_level (lam + d)) ->
  exists t, fits lam t /\ least_of lam t <= b.
Proof.
  intros Above.
  destruct (common_gap k (fun j e => forall t, m j < sum n (heavier s t (demand lam j)) ->
                            m j + e <= sum n (heavier s t (demand lam j)))) as (e1 & E1 & G1).
  { intros j e e' H E t Ht. specialize (H t Ht). lra. }
  { intros j Hj. apply sum_heavier_gap. }
  destruct (point_gap n g lam) as (e2 & E2 & G2).
  destruct (point_gap n (protected_gain g s one) lam) as (e3 & E3 & G3).
  assert (KN : 0 <= K) by (apply sum_nonneg; intros i Hi; apply Rlt_le, Rinv_0_lt_compat; auto).
  assert (D1 : 0 < e1 / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  set (d := Rmin (e1 / (K + 1)) (Rmin e2 e3) / 2).
  assert (Mp : 0 < Rmin (e1 / (K + 1)) (Rmin e2 e3)) by (repeat apply Rmin_glb_lt; auto).
  assert (M1 := Rmin_l (e1 / (K + 1)) (Rmin e2 e3)).
  assert (M2 := Rmin_r (e1 / (K + 1)) (Rmin e2 e3)).
  assert (M3 := Rmin_l e2 e3). assert (M4 := Rmin_r e2 e3).
  assert (Dd : 0 < d /\ d < e1 / (K + 1) /\ d < e2 /\ d < e3) by (unfold d; lra).
  destruct (Above d) as (_ & t & F & B); [lra|]. exists t. split.
  - intros j Hj. destruct (F j Hj) as (T & A). split; auto.
    destruct (Rle_dec (sum n (heavier s (t j) (demand lam j))) (m j)) as [?|Over]; auto. exfalso.
    specialize (G1 j Hj (t j) ltac:(lra)).
    assert (Mv := heavier_moves (t j) j lam (lam + d)).
    assert (Le := move_less_than e1 lam (lam + d) E1 ltac:(lra)). lra.
  - eapply Rle_trans; [|exact B]. apply sum_le. intros i Hi. unfold least_share.
    destruct (F (c i) (in_groups i Hi)) as (T & _). destruct (G2 i Hi) as (A2 & _).
    destruct (G3 i Hi) as (A3 & _).
    assert (A := share_nonneg (t (c i)) s i T (s_pos i Hi)).
    assert (C := share_le_one (t (c i)) s i).
    destruct (Rlt_dec lam (g i)), (Rlt_dec (lam + d) (g i)),
      (Rlt_dec lam (protected_gain g s one i)),
      (Rlt_dec (lam + d) (protected_gain g s one i)); lra.
Qed.

(* Below the least affordable level all of the budget can be spent. *)
Lemma spendable_at_infimum lam : 0 < lam -> (forall x, affordable_level x -> lam <= x) ->
  exists t, nonneg k t /\ used lam t /\ b <= most_of lam t.
Proof.
  intros L0 Least.
  destruct (common_gap k (fun j e => forall t, sum n (as_heavy s t (demand lam j)) < m j ->
                            sum n (as_heavy s t (demand lam j)) <= m j - e)) as (e1 & E1 & G1).
  { intros j e e' H E t Ht. specialize (H t Ht). lra. }
  { intros j Hj. apply sum_as_heavy_gap. }
  destruct (point_gap n g lam) as (e2 & E2 & G2).
  destruct (point_gap n (protected_gain g s one) lam) as (e3 & E3 & G3).
  assert (KN : 0 <= K) by (apply sum_nonneg; intros i Hi; apply Rlt_le, Rinv_0_lt_compat; auto).
  assert (D1 : 0 < e1 / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  set (z := Rmin (Rmin (e1 / (K + 1)) lam) (Rmin e2 e3)). set (x := lam - z / 2).
  assert (Mp : 0 < z) by (repeat apply Rmin_glb_lt; auto).
  assert (M1 := Rmin_l (Rmin (e1 / (K + 1)) lam) (Rmin e2 e3)).
  assert (M2 := Rmin_r (Rmin (e1 / (K + 1)) lam) (Rmin e2 e3)). fold z in M1, M2.
  assert (M3 := Rmin_l e2 e3). assert (M4 := Rmin_r e2 e3).
  assert (M5 := Rmin_l (e1 / (K + 1)) lam). assert (M6 := Rmin_r (e1 / (K + 1)) lam).
  assert (Xd : 0 <= x /\ x < lam /\ lam < x + e1 / (K + 1) /\ lam - e2 < x /\ lam - e3 < x)
    by (unfold x; lra).
  destruct (lowest_thresholds x) as (t & F & Us & _). exists t. split; [|split].
  - intros j Hj. apply F; auto.
  - intros j Hj. destruct (Us j Hj) as [?|B]; [left; auto|right].
    destruct (Rle_dec (m j) (sum n (as_heavy s (t j) (demand lam j)))) as [?|Short]; auto. exfalso.
    specialize (G1 j Hj (t j) ltac:(lra)).
    assert (Mv := as_heavy_moves (t j) j x lam).
    assert (Le := move_less_than e1 x lam E1 ltac:(lra)). lra.
  - apply Rle_trans with (least_of x t).
    + destruct (Rle_dec b (least_of x t)) as [?|Q]; auto. exfalso.
      assert (lam <= x); [|lra]. apply Least. split; [lra|]. exists t. split; auto. lra.
    + apply sum_le. intros i Hi. destruct (F (c i) (in_groups i Hi)) as (T & _).
      assert (A := share_nonneg (t (c i)) s i T (s_pos i Hi)).
      assert (C := share_le_one (t (c i)) s i).
      destruct (G2 i Hi) as (_ & A2). destruct (G3 i Hi) as (_ & A3).
      assert (C2 : x < g i -> lam <= g i).
      { intros. destruct (Rle_dec lam (g i)); auto. assert (g i <= lam - e2) by (apply A2; lra).
        lra. }
      assert (C3 : x < protected_gain g s one i -> lam <= protected_gain g s one i).
      { intros. destruct (Rle_dec lam (protected_gain g s one i)); auto.
        assert (protected_gain g s one i <= lam - e3) by (apply A3; lra). lra. }
      unfold least_share, most_share. destruct (Rlt_dec x (g i)), (Rle_dec lam (g i)),
        (Rlt_dec x (protected_gain g s one i)), (Rle_dec lam (protected_gain g s one i));
        try lra; tauto.
Qed.

Lemma between_thresholds lam t0 t1 u : fits lam t0 -> used lam t1 ->
  (forall j, (j < k)%nat -> t0 j <= u j <= t1 j) -> fits lam u /\ used lam u.
Proof.
  intros F Us B. split; intros j Hj; specialize (B j Hj).
  - destruct (F j Hj) as (T & A). split; [lra|]. eapply Rle_trans; [|exact A].
    apply sum_heavier_antitone; [apply demand_nonneg|lra].
  - destruct (F j Hj) as (T & _). destruct (Us j Hj) as [Z|A]; [left; lra|right].
    eapply Rle_trans; [exact A|]. apply sum_as_heavy_antitone; [apply demand_nonneg|lra].
Qed.

Lemma spend_between lam t0 t1 : (forall j, (j < k)%nat -> t0 j <= t1 j) ->
  least_of lam t0 <= b <= least_of lam t1 ->
  exists u, (forall j, (j < k)%nat -> t0 j <= u j <= t1 j) /\ least_of lam u = b.
Proof.
  intros T B. set (path := fun (x : R) (j : nat) => t0 j + x * (t1 j - t0 j)).
  assert (Ends : least_of lam (path 0) = least_of lam t0 /\ least_of lam (path 1) = least_of lam
    t1).
  { split; apply sum_ext; intros i Hi; f_equal; unfold path; ring. }
  destruct (intermediate_value (fun x => least_of lam (path x)) 0 1 b) as (x & X & E).
  - apply lipschitz_continuous
      with (K := sum n (fun i => / s i * Rabs (t1 (c i) - t0 (c i)))). intros x y.
    apply (sum_lipschitz n (fun i x => least_share g s one lam (path x (c i)) i)).
    intros i x' y' Hi. eapply Rle_trans; [apply least_share_lipschitz; auto|].
    rewrite Rmult_assoc, <- Rabs_mult. right. f_equal. f_equal. unfold path. ring.
  - lra.
  - destruct Ends as (-> & ->). exact B.
  - exists (path x). split; auto. intros j Hj. specialize (T j Hj). unfold path. nra.
Qed.

Definition group_prices lam t : Prop :=
  0 <= lam /\ fits lam t /\ used lam t /\ least_of lam t <= b /\ (lam = 0 \/ b <= most_of lam t).

Lemma group_prices_exist : exists lam t, group_prices lam t.
Proof.
  destruct (decidable_infimum affordable_level) as (lam & L0 & Least & Above).
  { exact some_level_affordable. }
  { intros x (X & _). exact X. }
  { exact affordable_level_decided. }
  { exact affordable_level_upwards. }
  exists lam. destruct (lowest_thresholds lam) as (t0 & F0 & U0 & Low).
  assert (B0 : least_of lam t0 <= b).
  { destruct (affordable_at_infimum lam Above) as (t & F & B). eapply Rle_trans; [|exact B].
    apply least_of_monotone. intros j Hj. split; [apply F0; auto|apply Low; auto]. }
  destruct (Req_dec lam 0) as [Z|Z]; [exists t0; repeat (split; auto)|].
  destruct (Rle_dec b (most_of lam t0)) as [H0|H0]; [exists t0; repeat (split; auto)|].
  destruct (spendable_at_infimum lam) as (t1 & T1 & U1 & B1); auto; [lra|].
  set (t2 := fun j => Rmax (t0 j) (t1 j)).
  assert (T2 : forall j, (j < k)%nat -> t0 j <= t2 j /\ t1 j <= t2 j)
    by (intros; split; [apply Rmax_l|apply Rmax_r]).
  assert (U2 : used lam t2).
  { intros j Hj. unfold t2, Rmax. destruct (Rle_dec (t0 j) (t1 j)); [apply U1|apply U0]; auto. }
  assert (B2 : b <= most_of lam t2).
  { eapply Rle_trans; [exact B1|]. apply most_of_monotone. intros j Hj.
    split; [apply T1; auto|apply T2; auto]. }
  destruct (Rle_dec (least_of lam t2) b) as [Lo|Lo].
  - exists t2. destruct (between_thresholds lam t0 t2 t2 F0 U2) as (F2 & _).
    + intros j Hj. destruct (T2 j Hj). lra.
    + repeat (split; auto).
  - destruct (spend_between lam t0 t2) as (u & Bu & E); [apply T2|lra|]. exists u.
    destruct (between_thresholds lam t0 t2 u F0 U2 Bu) as (Fu & Uu).
    repeat (split; auto); [lra|]. right. rewrite <- E. apply least_of_le_most_of.
    intros j Hj. apply Fu; auto.
Qed.

(* -------------------------------------------------------------------- what these prices certify *)

Lemma group_designs_exist lam t : group_prices lam t -> exists q,
  (forall i, (i < n)%nat -> least_share g s one lam (t (c i)) i <= q i
                            <= most_share g s one lam (t (c i)) i)
  /\ (sum n q = b \/ lam = 0 /\ sum n q <= b).
Proof.
  intros (L & F & _ & Lo & Hi).
  set (lo := fun i => least_share g s one lam (t (c i)) i).
  set (hi := fun i => most_share g s one lam (t (c i)) i).
  assert (LH : forall i, (i < n)%nat -> lo i <= hi i).
  { intros i H. unfold lo, hi, least_share, most_share.
    destruct (F (c i) (in_groups i H)) as (T & _).
    assert (A := share_nonneg (t (c i)) s i T (s_pos i H)).
    assert (C := share_le_one (t (c i)) s i).
    destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)), (Rlt_dec lam (protected_gain g s one i)),
      (Rle_dec lam (protected_gain g s one i)); lra. }
  destruct (Rle_dec b (sum n hi)) as [D|D].
  - destruct (mixture_attains_total n lo hi b (conj Lo D)) as (u & U & E). eexists.
    split; [|left; exact E].
    intros i H. specialize (LH i H). fold (lo i). fold (hi i). simpl. nra.
  - destruct Hi as [Z|B]; [|exfalso; apply D; exact B]. exists lo. split; [|right; split; auto].
    intros i H. specialize (LH i H). fold (lo i). fold (hi i). lra.
Qed.

Lemma group_mistakes_exist lam t : group_prices lam t -> exists l,
  (forall i, (i < n)%nat ->
     (t (c i) < s i -> l i = limit g s one lam i)
     /\ (s i = t (c i) -> 0 <= l i <= limit g s one lam i) /\ (s i < t (c i) -> l i = 0))
  /\ (forall j, (j < k)%nat -> sum n (inside c j l) = m j
                              \/ t j = 0 /\ sum n (inside c j l) <= m j).
Proof.
  intros (L & F & Us & _).
  set (mix := fun (u : R) (j i : nat) => heavier s (t j) (demand lam j) i
     + u * (as_heavy s (t j) (demand lam j) i - heavier s (t j) (demand lam j) i)).
  destruct (finite_choice R 0 k (fun j u => 0 <= u <= 1 /\
     (sum n (mix u j) = m j \/ t j = 0 /\ sum n (mix u j) <= m j))) as (u & U).
  { intros j Hj. destruct (F j Hj) as (T & A).
    destruct (Rle_dec (m j) (sum n (as_heavy s (t j) (demand lam j)))) as [D|D].
    - destruct (mixture_attains_total n _ _ (m j) (conj A D)) as (u & U & E).
      exists u. split; auto.
    - destruct (Us j Hj) as [Z|B]; [|contradiction]. exists 0. split; [lra|]. right.
      split; auto. rewrite (sum_ext n (mix 0 j) (heavier s (t j) (demand lam j))); auto.
      intros i Hi. unfold mix. ring. }
  exists (fun i => mix (u (c i)) (c i) i). split.
  - intros i Hi. assert (N := limit_nonneg n g s one s_pos one_nonneg lam i Hi). cbv zeta in N.
    destruct (U (c i) (in_groups i Hi)) as (B & _). unfold mix, heavier, as_heavy, demand, inside.
    destruct (Nat.eq_dec (c i) (c i)) as [_|Q]; [|exfalso; apply Q; reflexivity].
    destruct (Rlt_dec (t (c i)) (s i)), (Rle_dec (t (c i)) (s i)); repeat split; intros; try lra;
      nra.
  - intros j Hj. destruct (U j Hj) as (_ & E).
    replace (sum n (inside c j (fun i => mix (u (c i)) (c i) i))) with (sum n (mix (u j) j)); auto.
    apply sum_ext. intros i Hi. unfold inside at 1. destruct (Nat.eq_dec (c i) j) as [->|Q]; auto.
    unfold mix, heavier, as_heavy, demand, inside. destruct (Nat.eq_dec (c i) j); [contradiction|].
    destruct (Rlt_dec (t j) (s i)), (Rle_dec (t j) (s i)); ring.
Qed.

Section Certificate.
Variables (lam : R) (t q l : nat -> R).
Hypothesis clearing : group_prices lam t.
Hypothesis q_at_prices : forall i, (i < n)%nat ->
  least_share g s one lam (t (c i)) i <= q i <= most_share g s one lam (t (c i)) i.
Hypothesis l_at_prices : forall i, (i < n)%nat ->
  (t (c i) < s i -> l i = limit g s one lam i)
  /\ (s i = t (c i) -> 0 <= l i <= limit g s one lam i) /\ (s i < t (c i) -> l i = 0).
Hypothesis budget_spent : sum n q = b \/ lam = 0 /\ sum n q <= b.
Hypothesis mistakes_spent : forall j, (j < k)%nat ->
  sum n (inside c j l) = m j \/ t j = 0 /\ sum n (inside c j l) <= m j.

Lemma group_threshold_nonneg i : (i < n)%nat -> 0 <= t (c i).
Proof. intros Hi. destruct clearing as (_ & F & _). apply F; auto. Qed.

(* Each point alone is a game with the threshold of its group. *)
Lemma group_point_primal_is_dual i : (i < n)%nat ->
  q i * g i - t (c i) * l i - pos (q i * s i - t (c i)) * 1
  = lam * q i + pos (g i - s i * l i - lam).
Proof.
  intros Hi. apply (point_primal_is_dual 1 (fun _ => g i) (fun _ => s i) (fun _ => 1)
    ltac:(intros i' H; apply s_pos; exact Hi) ltac:(intros i' H; lra)
    lam (t (c i)) (fun _ => q i) (fun _ => l i) 0%nat
    (group_threshold_nonneg i Hi)); [| |lia].
  - intros i' H. exact (q_at_prices i Hi).
  - intros i' H. exact (l_at_prices i Hi).
Qed.

Lemma group_design_box i : (i < n)%nat -> 0 <= q i <= 1.
Proof.
  intros Hi. assert (T := group_threshold_nonneg i Hi). specialize (q_at_prices i Hi).
  assert (A := share_nonneg (t (c i)) s i T (s_pos i Hi)). assert (B := share_le_one (t (c i)) s i).
  unfold least_share, most_share in q_at_prices.
  destruct (Rlt_dec lam (g i)), (Rle_dec lam (g i)), (Rlt_dec lam (protected_gain g s one i)),
    (Rle_dec lam (protected_gain g s one i)); lra.
Qed.

Lemma group_mistakes_box i : (i < n)%nat -> 0 <= l i <= 1.
Proof.
  intros Hi. destruct (l_at_prices i Hi) as (A & B & C).
  assert (N := limit_nonneg n g s one s_pos one_nonneg lam i Hi). cbv zeta in N.
  assert (D : limit g s one lam i <= 1) by apply Rmin_l.
  destruct (Rtotal_order (t (c i)) (s i)) as [T|[T|T]].
  - rewrite A by auto. lra.
  - specialize (B (eq_sym T)). lra.
  - rewrite C by auto. lra.
Qed.

Lemma mistakes_cost_thresholds l' : grouped n k c m l' ->
  sum n (fun i => t (c i) * l' i) <= sum k (fun j => t j * m j).
Proof.
  intros (_ & G). rewrite (sum_by_groups n k c t l' in_groups). apply sum_le. intros j Hj.
  destruct clearing as (_ & F & _). destruct (F j Hj). apply Rmult_le_compat_l; auto.
Qed.

Lemma group_saddle : saddle (capped n b) (grouped n k c m) (payoff n g s) q l
  (b * lam + surplus n g s lam l).
Proof.
  assert (Hl : grouped n k c m l).
  { split; [intros i Hi; apply group_mistakes_box; auto|].
    intros j Hj. destruct (mistakes_spent j Hj) as [E|(_ & E)]; lra. }
  assert (Hq : capped n b q).
  { split; [intros i Hi; apply group_design_box; auto|].
    destruct budget_spent as [E|(_ & E)]; lra. }
  assert (E : sum n (fun i => q i * g i) - sum k (fun j => t j * m j)
     - sum n (fun i => pos (q i * s i - t (c i)) * 1) = b * lam + surplus n g s lam l).
  { assert (X : sum n (fun i => q i * g i - t (c i) * l i - pos (q i * s i - t (c i)) * 1)
      = sum n (fun i => lam * q i + pos (g i - s i * l i - lam)))
      by (apply sum_ext; intros; apply group_point_primal_is_dual; auto).
    rewrite !sum_minus, sum_plus, sum_scal in X. unfold surplus.
    assert (Y : sum n (fun i => t (c i) * l i) = sum k (fun j => t j * m j)).
    { rewrite (sum_by_groups n k c t l in_groups). apply sum_ext. intros j Hj.
      destruct (mistakes_spent j Hj) as [-> |(-> & _)]; ring. }
    assert (lam * sum n q = b * lam) by (destruct budget_spent as [-> |(-> & _)]; ring). lra. }
  split; [exact Hq|]. split; [exact Hl|]. split.
  - intros l' Hl'. assert (C := mistakes_cost_thresholds l' Hl'). rewrite <- E.
    apply Rle_trans with (sum n (fun i => q i * g i - t (c i) * l' i
                                          - pos (q i * s i - t (c i)) * 1)).
    + rewrite !sum_minus. lra.
    + apply sum_le. intros i Hi. destruct Hl' as (U & _). specialize (U i Hi).
      assert (A := le_pos (q i * s i - t (c i))). assert (B := pos_nonneg (q i * s i - t (c i))).
      nra.
  - intros q' Hq'. apply capped_payoff_le_surplus; auto. apply clearing.
Qed.
End Certificate.
End Groups.

Lemma A1_capped : A1_capped_statement.
Proof.
  intros n k g s c m b P M B.
  assert (s_pos : all_positive n s) by (intros i Hi; apply P; auto).
  assert (Hc : forall i, (i < n)%nat -> (c i < k)%nat) by (intros i Hi; apply P; auto).
  destruct (group_prices_exist n k g s c m b s_pos Hc M B) as (lam & t & Pr).
  destruct (group_designs_exist n k g s c m b s_pos Hc lam t Pr) as (q & Fq & Sq).
  destruct (group_mistakes_exist n k g s c m b s_pos Hc lam t Pr) as (l & Fl & Sl).
  exists lam, t, q, l. split; [apply Pr|]. split; [intros j Hj; apply Pr; auto|].
  split; [exact Fl|]. split; [intros j Hj; destruct (Sl j Hj) as [?|(? & _)]; auto|].
  apply (group_saddle n k g s c m b s_pos Hc lam t); auto.
Qed.

(* Mistakes of one group put into those of all. *)
Definition spliced (c : nat -> nat) (j : nat) (l l' : nat -> R) (i : nat) : R :=
  if Nat.eq_dec (c i) j then l' i else l i.

Lemma spliced_grouped n k c m j l l' : grouped n k c m l -> group_mistakes n c j (m j) l' ->
  grouped n k c m (spliced c j l l').
Proof.
  intros (U & G) (U' & G'). split.
  - intros i Hi. unfold spliced. destruct (Nat.eq_dec (c i) j); auto.
  - intros j' Hj. destruct (Nat.eq_dec j' j) as [->|N].
    + rewrite (sum_ext n _ (inside c j l')); auto. intros i Hi. unfold inside, spliced.
      destruct (Nat.eq_dec (c i) j); reflexivity.
    + rewrite (sum_ext n _ (inside c j' l)); auto. intros i Hi. unfold inside, spliced.
      destruct (Nat.eq_dec (c i) j'), (Nat.eq_dec (c i) j); congruence.
Qed.

Lemma group_surplus_ext n g s c j lam l l' :
  (forall i, (i < n)%nat -> c i = j -> l i = l' i) ->
  group_surplus n g s c j lam l = group_surplus n g s c j lam l'.
Proof.
  intros E. apply sum_ext. intros i Hi. unfold inside.
  destruct (Nat.eq_dec (c i) j); [rewrite E by auto|]; reflexivity.
Qed.

(* f_G(lam) exists: it is the value of a game that no budget limits. *)
Lemma group_least_exists n g s c j mj lam : nonneg n s -> 0 <= mj ->
  exists x, group_least n g s c j mj lam x.
Proof.
  intros N M. set (h := fun i => if Nat.eq_dec (c i) j then g i - lam else -1).
  assert (Same : forall l, unit_box n l ->
     surplus n h s 0 l = group_surplus n g s c j lam l).
  { intros l U. apply sum_ext. intros i Hi. specialize (U i Hi). specialize (N i Hi).
    unfold h, inside. destruct (Nat.eq_dec (c i) j); [f_equal; ring|].
    apply pos_of_nonpos. assert (0 <= s i * l i) by (apply Rmult_le_pos; lra). lra. }
  destruct (V3_stakeless n h s mj (INR n) N M (pos_INR n))
    as ((v & _ & (mu & l & Mu & (U & Sm) & E) & Least) & _).
  assert (Low : surplus n h s 0 l <= v).
  { rewrite <- E. rewrite <- (sum_const n mu). unfold surplus. rewrite <- sum_plus. apply sum_le.
    intros i Hi. destruct (pos_cases (h i - s i * l i - 0)), (pos_cases (h i - s i * l i - mu));
    lra. }
  assert (Up := Least 0 l (Rle_refl 0) (conj U Sm)).
  exists v. split.
  - intros l' (U' & Sm'). set (z := inside c j l').
    assert (Uz : unit_box n z).
    { intros i Hi. specialize (U' i Hi). unfold z, inside. destruct (Nat.eq_dec (c i) j); lra. }
    rewrite (group_surplus_ext n g s c j lam l' z), <- Same by
      (auto; intros i Hi Ei; unfold z, inside; destruct (Nat.eq_dec (c i) j); congruence).
    assert (X := Least 0 z (Rle_refl 0) (conj Uz Sm')). lra.
  - exists l. split; [split; auto|].
    + eapply Rle_trans; [|exact Sm]. apply sum_le. intros i Hi. specialize (U i Hi). unfold inside.
      destruct (Nat.eq_dec (c i) j); lra.
    + rewrite <- Same by auto. lra.
Qed.

Lemma A1_minimum : A1_minimum_statement.
Proof.
  intros n k g s c m b P M B f. split.
  { intros j lam Hj. apply group_least_exists; auto. intros i Hi. apply Rlt_le, P; auto. }
  assert (Hc : forall i, (i < n)%nat -> (c i < k)%nat) by (intros i Hi; apply P; auto).
  destruct (A1_capped n k g s c m b P M B) as (lam & _ & q & l & L & _ & _ & _ & Sd).
  exists (b * lam + surplus n g s lam l). split; [exists q, l; exact Sd|].
  destruct Sd as (Hq & Hl & A & _).
  assert (Dual : forall lam' l', 0 <= lam' -> grouped n k c m l' ->
     b * lam + surplus n g s lam l <= b * lam' + surplus n g s lam' l').
  { intros lam' l' L' Hl'. eapply Rle_trans; [apply (A l' Hl')|].
    apply capped_payoff_le_surplus; auto. }
  assert (Split : forall lam' l',
    surplus n g s lam' l' = sum k (fun j => group_surplus n g s c j lam' l'))
    by (intros; apply sum_of_groups; auto).
  split.
  - exists lam, (fun j => group_surplus n g s c j lam l). split; auto.
    split; [|rewrite Split; reflexivity]. intros j Hj. split.
    + intros l' Hl'. assert (X := Dual lam _ L (spliced_grouped n k c m j l l' Hl Hl')).
      rewrite !Split in X.
      assert (Y : sum k (fun j' => group_surplus n g s c j' lam (spliced c j l l'))
        = sum k (fun j' => group_surplus n g s c j' lam l
            + unit_vector j j' * (group_surplus n g s c j lam l' - group_surplus n g s c j lam l))).
      { apply sum_ext. intros j' Hj'. unfold unit_vector. destruct (Nat.eq_dec j' j) as [->|Q].
        - rewrite (group_surplus_ext n g s c j lam (spliced c j l l') l'); [ring|].
          intros i Hi Ei. unfold spliced. destruct (Nat.eq_dec (c i) j); congruence.
        - rewrite (group_surplus_ext n g s c j' lam (spliced c j l l') l); [ring|].
          intros i Hi Ei. unfold spliced. destruct (Nat.eq_dec (c i) j); congruence. }
      rewrite Y, sum_plus, (sum_unit_vector_times k j (fun _ => _)) in X by auto. lra.
    + exists l. split; [|reflexivity]. destruct Hl as (U & G). split; auto.
  - intros lam' x L' X.
    destruct (finite_choice (nat -> R) (fun _ => 0) k (fun j z => group_mistakes n c j (m j) z
       /\ group_surplus n g s c j lam' z = x j)) as (z & Z).
    { intros j Hj. destruct (X j Hj) as (_ & z & Hz & Ez). exists z. auto. }
    assert (Hz : grouped n k c m (fun i => z (c i) i)).
    { split.
      - intros i Hi. destruct (Z (c i) (Hc i Hi)) as ((U & _) & _). auto.
      - intros j Hj. destruct (Z j Hj) as ((_ & Sm) & _).
        rewrite (sum_ext n _ (inside c j (z j))); auto. intros i Hi. unfold inside.
        destruct (Nat.eq_dec (c i) j) as [->|]; reflexivity. }
    assert (D := Dual lam' _ L' Hz). rewrite (Split lam') in D.
    rewrite (sum_ext k _ x) in D; auto. intros j Hj. destruct (Z j Hj) as (_ & <-).
    apply group_surplus_ext. intros i Hi Ei. rewrite Ei. reflexivity.
Qed.
