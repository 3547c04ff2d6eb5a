(* What a certificate proves: bounds by strategies that obey every rule, however they were made. *)
Require Import Reals Lra Lia Arith.
From Radsim Require Import Statements DualStatements Sums Levels Capped Farkas Polytopes Restricted.
Open Scope R_scope.

Lemma enclosed (Q L : strategies) U lo hi w :
  encloses Q L U lo hi -> value Q L U w -> lo <= w <= hi.
Proof.
  intros (q & l & Hq & Hl & Lo & Hi) (q' & l' & Hq' & Hl' & H1 & H2). split.
  - apply Rle_trans with (U q l'); auto.
  - apply Rle_trans with (U q' l); auto.
Qed.

Lemma abs_between x d : Rabs x <= d -> - d <= x <= d.
Proof. unfold Rabs. destruct (Rcase_abs x); lra. Qed.

Lemma certificate_rounded : certificate_rounded_statement.
Proof.
  intros Q L U lo hi lo' hi' v w d e E V A B (G & C).
  assert (W := enclosed Q L U lo hi w E V).
  apply abs_between in A. apply abs_between in B. apply abs_between in G.
  apply Rabs_le. lra.
Qed.

Lemma accepted_right d lo hi v w : lo <= w <= hi -> accepted d lo hi v -> Rabs (v - w) <= 2 * d.
Proof. intros W (G & C). apply abs_between in G. apply Rabs_le. lra. Qed.

Lemma certificate_sound : certificate_sound_statement.
Proof.
  intros Q L U lo hi v w d E V. assert (W := enclosed Q L U lo hi w E V).
  split; [exact W|]. apply accepted_right, W.
Qed.

(* ------------------------------------------------------------------------------- moving *)

Lemma clip_box x : 0 <= clip x <= 1.
Proof.
  unfold clip. split; [|apply Rmin_l]. apply Rmin_glb; [lra|apply pos_nonneg].
Qed.

Lemma clip_same x : 0 <= x <= 1 -> clip x = x.
Proof. intros (A & B). unfold clip. rewrite pos_of_nonneg, Rmin_right; auto. Qed.

Lemma ratio_between b x : 0 <= b < x -> 0 <= b / x <= 1.
Proof. intros (A & B). split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra. Qed.

Lemma sum_times n f c : sum n (fun i => f i * c) = sum n f * c.
Proof. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros. ring. Qed.

Lemma shrunk_feasible n b f : 0 <= b -> nonneg n f ->
  sum n (shrunk n b f) <= b /\ forall i, (i < n)%nat -> 0 <= shrunk n b f i <= f i.
Proof.
  intros B N. unfold shrunk. destruct (Rlt_dec b (sum n f)) as [L|L].
  - assert (T := ratio_between b (sum n f) (conj B L)). split.
    + rewrite sum_times. right. field. lra.
    + intros i Hi. specialize (N i Hi). split; [apply Rmult_le_pos; lra|].
      rewrite <- (Rmult_1_r (f i)) at 2. apply Rmult_le_compat_l; lra.
  - split; [apply Rnot_lt_le, L|]. intros i Hi. specialize (N i Hi). lra.
Qed.

Lemma shrunk_same n b f q : (forall i, (i < n)%nat -> f i = q i) -> sum n q <= b ->
  forall i, (i < n)%nat -> shrunk n b f i = q i.
Proof.
  intros E L i Hi. unfold shrunk. rewrite (sum_ext n f q E).
  destruct (Rlt_dec b (sum n q)); [exfalso; lra|auto].
Qed.

Lemma fit_capped_feasible n b q : 0 <= b -> capped n b (fit_capped n b q).
Proof.
  intros B. destruct (shrunk_feasible n b (fun i => clip (q i)) B) as (T & E).
  { intros i _. apply clip_box. }
  split; auto. intros i Hi. specialize (E i Hi). assert (C := clip_box (q i)).
  unfold fit_capped. lra.
Qed.

Lemma fit_uncapped_feasible n b q : 0 <= b -> uncapped n b (fit_uncapped n b q).
Proof.
  intros B. destruct (shrunk_feasible n b (fun i => pos (q i)) B) as (T & E).
  { intros i _. apply pos_nonneg. }
  split; auto. intros i Hi. apply E. auto.
Qed.

(* What is missing is added in proportion to the room. *)
Lemma filled_sum n b room f : sum n f <= b -> (sum n f < b -> 0 < sum n room) ->
  sum n (filled n b room f) = b.
Proof.
  intros L P. unfold filled. destruct (Rlt_dec (sum n f) b) as [N|N]; [|change (sum n f = b); lra].
  specialize (P N). rewrite sum_plus, sum_times. field. lra.
Qed.

Lemma filled_share n b room f : (sum n f < b -> b - sum n f <= sum n room) ->
  forall i, exists t, 0 <= t <= 1 /\ filled n b room f i = f i + room i * t.
Proof.
  intros P i. unfold filled. destruct (Rlt_dec (sum n f) b) as [N|N].
  - specialize (P N). exists ((b - sum n f) / sum n room). split; auto.
    split; [apply div_nonneg; lra|]. apply div_le_iff_le_mult; lra.
  - exists 0. split; lra.
Qed.

Lemma fit_forced_feasible n b q : (exists x, forced n b x) -> forced n b (fit_forced n b q).
Proof.
  intros (x & N & T).
  assert (B : 0 <= b) by (rewrite <- T; apply sum_nonneg; auto).
  destruct (fit_uncapped_feasible n b q B) as (F1 & F2).
  assert (P : sum n (fit_uncapped n b q) < b -> 0 < sum n (fun _ => 1)).
  { intros L. rewrite sum_const. destruct n; [simpl in L, T; lra|].
    assert (Z := lt_0_INR (S n) (Nat.lt_0_succ n)). lra. }
  split; [|apply filled_sum; auto].
  intros i Hi. unfold fit_forced, filled.
  destruct (Rlt_dec (sum n (fit_uncapped n b q)) b) as [L|L]; [|apply F1; auto].
  specialize (P L). specialize (F1 i Hi).
  assert (0 <= (b - sum n (fit_uncapped n b q)) / sum n (fun _ => 1)) by (apply div_nonneg; lra).
  lra.
Qed.

Lemma fit_forced_capped_feasible n b q : (exists x, forced_capped n b x) ->
  forced_capped n b (fit_forced_capped n b q).
Proof.
  intros (x & N & T).
  assert (B : 0 <= b) by (rewrite <- T; apply sum_nonneg; intros; apply N; auto).
  assert (B' : b <= INR n).
  { rewrite <- T, <- (Rmult_1_r (INR n)), <- sum_const. apply sum_le. intros. apply N. auto. }
  destruct (fit_capped_feasible n b q B) as (F1 & F2). set (f := fit_capped n b q) in *.
  assert (E : sum n (fun i => 1 - f i) = INR n - sum n f) by (rewrite sum_minus, sum_const; lra).
  split; [|apply (filled_sum n b (fun i => 1 - f i) f F2); intros; rewrite E; lra].
  intros i Hi. unfold fit_forced_capped. fold f.
  destruct (filled_share n b (fun i => 1 - f i) f ltac:(lra) i) as (t & T1 & ->).
  specialize (F1 i Hi). assert (0 <= (1 - f i) * t) by (apply Rmult_le_pos; lra).
  assert (0 <= (1 - f i) * (1 - t)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma filled_same n b room f : sum n f = b -> forall i, filled n b room f i = f i.
Proof. intros E i. unfold filled. destruct (Rlt_dec (sum n f) b); [exfalso; lra|reflexivity]. Qed.

Lemma certificate_moves : certificate_moves_statement.
Proof.
  intros Q fit n b [(-> & ->)|[(-> & ->)|[(-> & ->)|(-> & ->)]]] X.
  - assert (B : 0 <= b).
    { destruct X as (x & N & T). assert (0 <= sum n x) by (apply sum_nonneg; auto). lra. }
    split; [intros; apply fit_uncapped_feasible; auto|]. intros q (N & T).
    apply shrunk_same; auto. intros. apply pos_of_nonneg, N. auto.
  - assert (B : 0 <= b).
    { destruct X as (x & N & T). assert (0 <= sum n x) by (apply sum_nonneg; apply N). lra. }
    split; [intros; apply fit_capped_feasible; auto|]. intros q (N & T).
    apply shrunk_same; auto. intros. apply clip_same, N. auto.
  - split; [intros; apply fit_forced_feasible; auto|]. intros q (N & T).
    assert (E : forall i, (i < n)%nat -> fit_uncapped n b q i = q i).
    { apply shrunk_same; [intros; apply pos_of_nonneg, N; auto|lra]. }
    intros i Hi. unfold fit_forced. rewrite filled_same; auto.
    transitivity (sum n q); [apply sum_ext|]; auto.
  - split; [intros; apply fit_forced_capped_feasible; auto|]. intros q (N & T).
    assert (E : forall i, (i < n)%nat -> fit_capped n b q i = q i).
    { apply shrunk_same; [intros; apply clip_same, N; auto|lra]. }
    intros i Hi. unfold fit_forced_capped. rewrite filled_same; auto.
    transitivity (sum n q); [apply sum_ext|]; auto.
Qed.

(* ------------------------------------------------------------------------ a game's certificate *)

Lemma moves_learner Q fit : moves Q fit -> any_learner Q.
Proof.
  intros [(-> & _)|[(-> & _)|[(-> & _)|(-> & _)]]]; unfold any_learner, learner; auto.
Qed.

Lemma certificate_game : certificate_game_statement.
Proof.
  intros Q fit n g s m b q l lo hi v r scale F X M U (Lo & _) (Hi & _).
  destruct (A4_polytopes n g s Q b (mistakes n m)) as (w & V & _); auto.
  - apply (moves_learner Q fit F).
  - apply mistakes_polytope, M.
  - exists w. split; auto. rewrite Rmult_assoc.
    apply (certificate_sound (Q n b) (mistakes n m) U); auto.
    exists (fit n b q), (fit_capped n m l).
    split; [apply (certificate_moves Q fit n b F X)|].
    split; [apply (fit_capped_feasible n m l M)|auto].
Qed.

Lemma shrunk_group_feasible n G m f : 0 <= m -> nonneg n f ->
  sum n (within G (shrunk_group n G m f)) <= m
  /\ forall i, (i < n)%nat -> 0 <= shrunk_group n G m f i <= f i.
Proof.
  intros M N. unfold shrunk_group. destruct (Rlt_dec m (sum n (within G f))) as [L|L].
  - assert (T := ratio_between m (sum n (within G f)) (conj M L)). split.
    + right. rewrite (sum_ext n _ (fun i => within G f i * (m / sum n (within G f)))).
      * rewrite sum_times. field. lra.
      * intros i _. unfold within at 1 3. destruct (G i); ring.
    + intros i Hi. specialize (N i Hi). destruct (G i); [|lra].
      split; [apply Rmult_le_pos; lra|]. rewrite <- (Rmult_1_r (f i)) at 2.
      apply Rmult_le_compat_l; lra.
  - split; [apply Rnot_lt_le, L|]. intros i Hi. specialize (N i Hi). lra.
Qed.

Lemma fit_ruled_feasible n k G m r l : nonneg k m -> nonneg n r ->
  ruled n k G m r (fit_ruled n k G m r l).
Proof.
  intros M N. induction k as [|k IH].
  - split; [|intros j Hj; lia]. intros i Hi. unfold fit_ruled. simpl.
    split; [apply Rmin_glb; [apply N; auto|apply pos_nonneg]|apply Rmin_l].
  - destruct IH as (B & T). { intros j Hj. apply M. lia. }
    set (f := fit_ruled n k G m r l) in *.
    destruct (shrunk_group_feasible n (G k) (m k) f) as (S1 & S2).
    { apply M. lia. } { intros i Hi. apply B. auto. }
    change (fit_ruled n (S k) G m r l) with (shrunk_group n (G k) (m k) f). split.
    + intros i Hi. specialize (B i Hi). specialize (S2 i Hi). lra.
    + intros j Hj. destruct (Nat.eq_dec j k) as [->|]; auto.
      apply Rle_trans with (sum n (within (G j) f)); [|apply T; lia]. apply sum_le.
      intros i Hi. unfold within. destruct (G j i); [apply S2; auto|lra].
Qed.

Lemma ruled_polytope n k G m r : nonneg k m -> nonneg n r -> polytope n (ruled n k G m r).
Proof.
  intros M N. apply (polytope_box n (sum n r)).
  - exists (fit_ruled n k G m r zero). apply fit_ruled_feasible; auto.
  - apply (linear_and n (fun l => forall i, (i < n)%nat -> 0 <= l i <= r i)); [apply linear_box|].
    apply (linear_iff n _ (fun l => forall j, (j < k)%nat ->
      dot n (fun i => if G j i then 1 else 0) l <= m j)); [|apply linear_many].
    assert (E : forall j l, dot n (fun i => if G j i then 1 else 0) l = sum n (within (G j) l)).
    { intros. apply sum_ext. intros i _. unfold within. destruct (G j i); ring. }
    intros l. split; intros H j Hj; specialize (H j Hj); rewrite E in *; auto.
  - intros x (B & _) i Hi. specialize (B i Hi). assert (H := term_le_sum n r i N Hi). lra.
Qed.

Lemma certificate_rules : certificate_rules_statement.
Proof.
  intros Q fit n k G g s m r b q l lo hi v d F X M N L U.
  split; [intros; apply fit_ruled_feasible; auto|]. intros (Lo & _) (Hi & _).
  destruct (A4_polytopes n g s Q b L) as (w & V & _); auto.
  - apply (moves_learner Q fit F).
  - apply ruled_polytope; auto.
  - exists w. split; auto. apply (certificate_sound (Q n b) L U); auto.
    exists (fit n b q), (fit_ruled n k G m r l).
    split; [apply (certificate_moves Q fit n b F X)|].
    split; [apply fit_ruled_feasible; auto|auto].
Qed.

Lemma certificate_sharp : certificate_sharp_statement.
Proof.
  intros r Hr U.
  assert (E : forall q l, U q l = q 0%nat * (1 - l 0%nat)).
  { intros. unfold U, payoff, stake. simpl. ring. }
  assert (Z : forall l, mistakes 1 0 l -> l 0%nat = 0).
  { intros l (B & T). specialize (B 0%nat Nat.lt_0_1). simpl in T. lra. }
  assert (M : mistakes 1 0 zero) by (split; [intros i _|simpl]; unfold zero; lra).
  assert (Up : forall q, capped 1 1 q -> U q zero <= 1).
  { intros q (B & _). specialize (B 0%nat Nat.lt_0_1). rewrite E. unfold zero. lra. }
  split; [|split; [|split; [split|]]].
  - exists (fun _ => 1 - r), zero. split; [split; [intros i _|simpl]; lra|]. split; auto.
    split; auto. intros l L. rewrite E, (Z l L). lra.
  - exists (fun _ => 1), zero. split; [split; [intros i _|simpl]; lra|]. split; auto.
    split; auto. intros l L. rewrite E, (Z l L). lra.
  - rewrite Rabs_right; lra.
  - lra.
  - rewrite Rabs_left1; lra.
Qed.

Lemma certificate_refuted : certificate_refuted_statement.
Proof.
  intros K P. assert (R1 : 0 < / (K + 1)) by (apply Rinv_0_lt_compat; lra).
  assert (E1 : (K + 1) * / (K + 1) = 1) by (field; lra). set (r := / (K + 1)) in *.
  assert (0 < K * r) by (apply Rmult_lt_0_compat; lra).
  exists 1%nat, (fun _ => 1), (fun _ => K), 0, 1, zero, (fun _ => r), 0, 0, 0, 1, r.
  assert (Z : forall l, mistakes 1 0 l -> l 0%nat = 0).
  { intros l (B & T). specialize (B 0%nat Nat.lt_0_1). simpl in T. lra. }
  assert (M : mistakes 1 0 zero) by (split; [intros i _|simpl]; unfold zero; lra).
  assert (C : capped 1 1 zero) by (split; [intros i _|simpl]; unfold zero; lra).
  split; [intros i _; lra|]. split; auto.
  split; [split; [intros; lra|exists 0%nat; split; auto]|]. split; auto. intros U.
  assert (E : forall q l, U q l = q 0%nat * (1 - (1 + K) * l 0%nat)).
  { intros. unfold U, payoff, stake. simpl. ring. }
  split; [exact C|]. split; [intros i _; nra|]. split; [simpl; lra|].
  split; [split; [intros l _|exists zero; split; [exact M|]]; rewrite E; unfold zero; lra|].
  split.
  - split; [intros q _|exists zero; split; [exact C|]]; rewrite E;
      replace ((1 + K) * r) with 1 by lra; unfold zero; lra.
  - split; [|split; [split|]]; try (rewrite ?Rminus_0_r, ?Rabs_R0; lra).
    + exists (fun _ => 1), zero. split; [split; [intros i _|simpl]; lra|]. split; auto.
      split; [intros l L; rewrite E, (Z l L); lra|]. intros q (B & _).
      specialize (B 0%nat Nat.lt_0_1). rewrite E. unfold zero. lra.
    + rewrite Rabs_left; lra.
Qed.
