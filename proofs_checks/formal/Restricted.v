(* Strong duality, and A4: the game against any polytope of mistakes has a value. *)
Require Import Reals Lra Lia Arith.
From Radsim Require Import Statements DualStatements Sums Capped Farkas Polytopes.
Open Scope R_scope.

Lemma linear_duality : linear_duality_statement.
Proof.
  intros n k A a c primal dual (x0 & X0) (y0 & Y0 & E0).
  assert (Weak : forall x y, primal x -> dual y -> dot n c x <= dot k y a).
  { intros x y X (Y & E). apply Rle_trans with (dot k y (image n A x)); [|apply dot_le; auto].
    right. rewrite <- dot_sum. apply dot_ext; auto. intros. symmetry. apply E. auto. }
  destruct (optimal_or_refuted n k A a 0 0 (fun _ => zero) zero c zero (fun _ => zero))
    as [(x & l & y & z & X & _ & Y & _ & E & _ & G)|(u & v & s & t & al & be & th & F)].
  - assert (D : dual y).
    { split; auto. intros i Hi. specialize (E i Hi). unfold dot, column in E. simpl in E.
      rewrite Rplus_0_r in E. rewrite <- E. apply sum_ext. intros. ring. }
    assert (W := Weak x y X D). unfold dot in G at 2 4. simpl in G. rewrite (dot_comm k a) in G.
    assert (V : dot n c x = dot k y a) by lra.
    exists x, y. split; auto. split; auto. split; [exact V|]. split.
    + intros x' X'. change (dot n c x' <= dot n c x). rewrite V. auto.
    + intros y' Y'. change (dot k y a <= dot k y' a). rewrite <- V. auto.
  - exfalso. revert F.
    apply not_refuted with (q0 := x0) (l0 := zero) (lo := dot n c x0) (hi := dot k y0 a); auto.
    + intros j Hj. lia.
    + intros l _. right. unfold worth, pair, image. unfold dot. simpl.
      rewrite (sum_zero n (fun i => x0 i * 0)) by (intros; ring). ring.
    + intros q Q. apply Rle_trans with (dot n c q); [right|apply Weak; [exact Q|split; auto]].
      unfold worth, pair, image. unfold dot. simpl.
      rewrite (sum_zero n (fun i => q i * 0)) by (intros; ring). ring.
Qed.

(* ---------------------------------------------------------------- sets that are polyhedra *)

Definition linear (n : nat) (P : strategies) : Prop :=
  exists k A a, forall x, P x <-> polyhedron n k A a x.

Lemma linear_and n P P' : linear n P -> linear n P' -> linear n (fun x => P x /\ P' x).
Proof.
  intros (k & A & a & E) (k' & A' & a' & E').
  exists (k + k')%nat, (fun j => if lt_dec j k then A j else A' (j - k)%nat), (glue k a a').
  intros x. rewrite E, E'. unfold glue. split.
  - intros (D & D') j Hj. destruct (lt_dec j k); [apply D; auto|apply D'; lia].
  - intros D. split; intros j Hj.
    + specialize (D j ltac:(lia)). simpl in D. destruct (lt_dec j k); [exact D|lia].
    + specialize (D (k + j)%nat ltac:(lia)). simpl in D. destruct (lt_dec (k + j) k); [lia|].
      replace (k + j - k)%nat with j in D by lia. exact D.
Qed.

Lemma linear_iff n P P' : (forall x, P x <-> P' x) -> linear n P' -> linear n P.
Proof. intros E (k & A & a & D). exists k, A, a. intros x. rewrite E. apply D. Qed.

Lemma linear_many n k A a : linear n (fun x => forall j, (j < k)%nat -> dot n (A j) x <= a j).
Proof. exists k, A, a. intros. reflexivity. Qed.

Lemma linear_one n f b : linear n (fun x => dot n f x <= b).
Proof.
  apply (linear_iff n _ (fun x => forall j, (j < 1)%nat -> dot n f x <= b)).
  - intros x. split; [auto|]. intros H. apply (H 0%nat). lia.
  - apply (linear_many n 1 (fun _ => f) (fun _ => b)).
Qed.

Lemma linear_nonneg n : linear n (nonneg n).
Proof.
  apply (linear_iff n _
    (fun x => forall j, (j < n)%nat -> dot n (negated (unit_vector j)) x <= zero j)).
  - intros x. unfold zero. split; intros H j Hj; specialize (H j Hj);
      rewrite dot_negated, dot_unit in *; auto; lra.
  - apply linear_many.
Qed.

Lemma linear_below n r : linear n (fun x => forall i, (i < n)%nat -> x i <= r i).
Proof.
  apply (linear_iff n _ (fun x => forall j, (j < n)%nat -> dot n (unit_vector j) x <= r j)).
  - intros x. split; intros H j Hj; specialize (H j Hj); rewrite dot_unit in *; auto.
  - apply linear_many.
Qed.

Lemma linear_sum n b : linear n (fun x => sum n x <= b).
Proof.
  apply (linear_iff n _ (fun x => dot n (fun _ => 1) x <= b)); [|apply linear_one].
  intros x. unfold dot. rewrite sum_scal, Rmult_1_l. reflexivity.
Qed.

Lemma linear_box n r : linear n (fun x => forall i, (i < n)%nat -> 0 <= x i <= r i).
Proof.
  apply (linear_iff n _ (fun x => nonneg n x /\ forall i, (i < n)%nat -> x i <= r i)).
  - intros x. split; [intros H; split; intros i Hi; apply H; auto|].
    intros (A & B) i Hi. split; [apply A|apply B]; auto.
  - apply linear_and; [apply linear_nonneg|apply linear_below].
Qed.

Lemma minimax_linear n p Q L c e M : linear n Q -> linear p L ->
  (exists q0 lo, Q q0 /\ forall l, L l -> lo <= bilinear n p c e M q0 l) ->
  (exists l0 hi, L l0 /\ forall q, Q q -> bilinear n p c e M q l0 <= hi) ->
  exists v, value Q L (bilinear n p c e M) v.
Proof.
  intros (k & A & a & EQ) (r & B & d & EL) (q0 & lo & Q0 & Lo) (l0 & hi & L0 & Hi).
  destruct (proj1 (minimax n k A a p r B d c e M)) as (v & q & l & Hq & Hl & H1 & H2).
  - split; [exists q0, lo|exists l0, hi]; (split; [apply EQ || apply EL; auto|]);
      intros x X; [apply Lo, EL|apply Hi, EQ]; auto.
  - exists v, q, l. split; [apply EQ; auto|]. split; [apply EL; auto|].
    split; intros x X; [apply H1, EL|apply H2, EQ]; auto.
Qed.

(* ------------------------------------------------------------------------ bounded polyhedra *)

Lemma bounded_dot n P K w : (forall x, P x -> forall i, (i < n)%nat -> - K <= x i <= K) ->
  exists hi, forall x : nat -> R, P x -> - hi <= dot n w x <= hi.
Proof.
  intros B. exists (sum n (fun i => Rabs (w i) * K)). intros x X.
  assert (E : forall i, (i < n)%nat -> - (Rabs (w i) * K) <= w i * x i <= Rabs (w i) * K).
  { intros i Hi. destruct (B x X i Hi) as (B1 & B2). unfold Rabs.
    destruct (Rcase_abs (w i)) as [N|N].
    - assert (0 <= - w i * (x i + K)) by (apply Rmult_le_pos; lra).
      assert (0 <= - w i * (K - x i)) by (apply Rmult_le_pos; lra). lra.
    - assert (0 <= w i * (x i + K)) by (apply Rmult_le_pos; lra).
      assert (0 <= w i * (K - x i)) by (apply Rmult_le_pos; lra). lra. }
  split; [|apply sum_le; intros; apply E; auto].
  replace (- sum n (fun i => Rabs (w i) * K)) with (sum n (fun i => - (Rabs (w i) * K))).
  - apply sum_le. intros. apply E. auto.
  - rewrite (sum_ext n _ (fun i => 0 - Rabs (w i) * K)) by (intros; ring).
    rewrite sum_minus, (sum_zero n (fun _ => 0)); auto. ring.
Qed.

(* The payoff as a linear function of either strategy. *)
Lemma worth_left n p c e M q l :
  bilinear n p c e M q l = dot n (fun i => c i + image p M l i) q + dot p e l.
Proof.
  rewrite worth_bilinear. unfold worth, pair.
  rewrite (dot_comm n (fun i => c i + image p M l i)), dot_plus_right, (dot_comm n c). ring.
Qed.
Lemma worth_right n p c e M q l :
  bilinear n p c e M q l = dot p (fun j => e j + image n (column M) q j) l + dot n c q.
Proof.
  rewrite worth_bilinear. unfold worth. rewrite <- pair_transposed, 
    (dot_comm p (fun j => e j + image n (column M) q j)), dot_plus_right, (dot_comm p e). ring.
Qed.

Lemma linear_largest n P w : polytope n P ->
  exists x, P x /\ forall x', P x' -> dot n w x' <= dot n w x.
Proof.
  intros ((x0 & X0) & (K & B) & D). destruct (bounded_dot n P K w B) as (hi & H).
  assert (E : forall q l, bilinear n 0 w zero (fun _ => zero) q l = dot n w q).
  { intros q l. rewrite worth_left. unfold image, dot. simpl. rewrite Rplus_0_r.
    apply sum_ext. intros. ring. }
  destruct (minimax_linear n 0 P (polyhedron 0 0 (fun _ => zero) zero) w zero (fun _ => zero))
    as (v & q & l & Hq & Hl & H1 & H2); auto.
  - exists 0%nat, (fun _ => zero), zero. reflexivity.
  - exists x0, (- hi). split; auto. intros. rewrite E. apply H, X0.
  - exists zero, hi. split; [intros j Hj; lia|]. intros. rewrite E. apply H. auto.
  - exists q. split; auto. intros x' X'. specialize (H1 l Hl). specialize (H2 x' X').
    rewrite E in H1, H2. lra.
Qed.

Lemma linear_smallest n P w : polytope n P ->
  exists x, P x /\ forall x', P x' -> dot n w x <= dot n w x'.
Proof.
  intros H. destruct (linear_largest n P (negated w) H) as (x & X & M). exists x. split; auto.
  intros x' X'. specialize (M x' X'). rewrite !dot_negated in M. lra.
Qed.

Lemma polytopes : polytopes_statement.
Proof.
  intros n p Q L c e M PQ PL.
  assert (Best : forall l, exists w, best Q (bilinear n p c e M) l w).
  { intros l. destruct (linear_largest n Q (fun i => c i + image p M l i) PQ) as (q & Hq & H).
    exists (bilinear n p c e M q l). split; [|exists q; auto].
    intros q' Hq'. rewrite !worth_left. specialize (H q' Hq'). lra. }
  assert (Worst : forall q, exists w, worst L (bilinear n p c e M) q w).
  { intros q. destruct (linear_smallest p L (fun j => e j + image n (column M) q j) PL)
      as (l & Hl & H). exists (bilinear n p c e M q l). split; [|exists l; auto].
    intros l' Hl'. rewrite !worth_right. specialize (H l' Hl'). lra. }
  destruct PQ as ((q0 & Q0) & _ & DQ), PL as ((l0 & L0) & _ & DL).
  destruct (minimax_linear n p Q L c e M DQ DL) as (v & q & l & Hq & Hl & H1 & H2).
  - destruct (Worst q0) as (w & W & _). exists q0, w. auto.
  - destruct (Best l0) as (w & W & _). exists l0, w. auto.
  - assert (E : bilinear n p c e M q l = v) by (apply Rle_antisym; auto).
    exists v. split; [exists q, l; split; auto|].
    split; [exists l; split; auto; split; auto; exists q; auto|].
    split; [intros l' Hl'; destruct (Best l') as (w & W); exists w; split; auto;
      apply Rle_trans with (bilinear n p c e M q l'); auto; apply W; auto|].
    split; [exists q; split; auto; split; auto; exists l; auto|].
    intros q' Hq'. destruct (Worst q') as (w & W). exists w. split; auto.
    apply Rle_trans with (bilinear n p c e M q' l); auto. apply W. auto.
Qed.

(* ------------------------------------------------------------------------- sets of the game *)

Lemma polytope_box n r P : (exists x, P x) -> linear n P ->
  (forall x, P x -> forall i, (i < n)%nat -> 0 <= x i <= r) -> polytope n P.
Proof.
  intros E D B. split; auto. split; auto. exists r. intros x X i Hi. specialize (B x X i Hi). lra.
Qed.

Lemma unit_box_linear n : linear n (unit_box n).
Proof. apply (linear_box n (fun _ => 1)). Qed.

Lemma mistakes_polytope n m : 0 <= m -> polytope n (mistakes n m).
Proof.
  intros P. apply (polytope_box n 1).
  - exists zero. split; [intros i _; unfold zero; lra|]. rewrite sum_zero; auto.
  - apply (linear_and n (unit_box n)); [apply unit_box_linear|apply linear_sum].
  - intros x (B & _). exact B.
Qed.

Lemma limited_polytope n r m : nonneg n r -> 0 <= m -> polytope n (limited n r m).
Proof.
  intros N P. apply (polytope_box n (sum n r)).
  - exists zero. unfold zero. split; [intros i Hi; specialize (N i Hi); lra|].
    rewrite sum_zero; auto.
  - apply (linear_and n (fun l => forall i, (i < n)%nat -> 0 <= l i <= r i)); [apply linear_box|].
    apply linear_sum.
  - intros x (B & _) i Hi. specialize (B i Hi). assert (H := term_le_sum n r i N Hi). lra.
Qed.

Lemma grouped_polytope n k c m : nonneg k m -> polytope n (grouped n k c m).
Proof.
  intros N. apply (polytope_box n 1).
  - exists zero. unfold zero. split; [intros i _; lra|]. intros j Hj. rewrite sum_zero; auto.
    intros i _. unfold inside. destruct (Nat.eq_dec (c i) j); reflexivity.
  - apply (linear_and n (unit_box n)); [apply unit_box_linear|].
    apply (linear_iff n _ (fun l => forall j, (j < k)%nat ->
      dot n (fun i => if Nat.eq_dec (c i) j then 1 else 0) l <= m j)); [|apply linear_many].
    assert (E : forall j l, dot n (fun i => if Nat.eq_dec (c i) j then 1 else 0) l
      = sum n (inside c j l)).
    { intros. apply sum_ext. intros i _. unfold inside. destruct (Nat.eq_dec (c i) j); ring. }
    intros l. split; intros H j Hj; specialize (H j Hj); rewrite E in *; auto.
  - intros x (B & _). exact B.
Qed.

Lemma uncapped_polytope n b : 0 <= b -> polytope n (uncapped n b).
Proof.
  intros P. apply (polytope_box n b).
  - exists zero. split; [intros i _; unfold zero; lra|]. rewrite sum_zero; auto.
  - apply (linear_and n (nonneg n)); [apply linear_nonneg|apply linear_sum].
  - intros x (B & S1) i Hi. split; [apply B; auto|]. assert (H := term_le_sum n x i B Hi). lra.
Qed.

Lemma capped_polytope n b : 0 <= b -> polytope n (capped n b).
Proof. exact (mistakes_polytope n b). Qed.

Lemma forced_polytope n b : (exists q, forced n b q) -> polytope n (forced n b).
Proof.
  intros E. apply (polytope_box n b); auto.
  - apply (linear_iff n _ (fun q => nonneg n q /\ (sum n q <= b
      /\ dot n (negated (fun _ => 1)) q <= - b))).
    + intros q. rewrite dot_negated. unfold forced, dot. rewrite sum_scal.
      split; intros (N & H); split; auto; lra.
    + apply linear_and; [apply linear_nonneg|]. apply linear_and; [apply linear_sum|].
      apply linear_one.
  - intros x (B & S1) i Hi. split; [apply B; auto|]. assert (H := term_le_sum n x i B Hi). lra.
Qed.

Lemma forced_capped_polytope n b :
  (exists q, forced_capped n b q) -> polytope n (forced_capped n b).
Proof.
  intros E. apply (polytope_box n 1); auto.
  - apply (linear_iff n _ (fun q => unit_box n q /\ (sum n q <= b
      /\ dot n (negated (fun _ => 1)) q <= - b))).
    + intros q. rewrite dot_negated. unfold forced_capped, dot. rewrite sum_scal.
      split; intros (N & H); split; auto; lra.
    + apply linear_and; [apply unit_box_linear|]. apply linear_and; [apply linear_sum|].
      apply linear_one.
  - intros x (B & _). exact B.
Qed.

Lemma cut_polytope n k A a P : polytope n P -> (exists x, P x /\ polyhedron n k A a x) ->
  polytope n (fun x => P x /\ polyhedron n k A a x).
Proof.
  intros (_ & (K & B) & D) E. split; auto. split.
  - exists K. intros x (X & _). auto.
  - apply linear_and; auto. exists k, A, a. reflexivity.
Qed.

Lemma A4_sets : A4_sets_statement.
Proof.
  split; [exact mistakes_polytope|]. split; [exact limited_polytope|].
  split; [exact grouped_polytope|].
  split; [intros; split; [apply uncapped_polytope|apply capped_polytope]; auto|].
  split; [|split; [|exact cut_polytope]].
  - intros n b N P. apply forced_polytope. exists (fun i => unit_vector 0 i * b). split.
    + intros i _. unfold unit_vector. destruct (Nat.eq_dec i 0); lra.
    + apply (sum_unit_vector_times n 0 (fun _ => b)). auto.
  - intros n b (P & N). apply forced_capped_polytope. exists (fun _ => b / INR n).
    destruct n as [|n]; [simpl in N; split; [intros i Hi; lia|simpl; lra]|].
    assert (Z := lt_0_INR (S n) (Nat.lt_0_succ n)). split.
    + intros i _. split; [apply div_nonneg; auto|]. apply div_le_iff_le_mult; lra.
    + rewrite sum_const. field. lra.
Qed.

(* -------------------------------------------------------------------------------------- A4 *)

Lemma payoff_bilinear n g s q l : payoff n g s q l
  = bilinear n n g zero (fun i j => - s i * unit_vector i j) q l.
Proof.
  rewrite worth_left, dot_zero_left, Rplus_0_r, dot_comm. apply sum_ext. intros i Hi.
  replace (image n (fun i j => - s i * unit_vector i j) l i) with (- s i * l i); [ring|].
  unfold image, dot. rewrite <- (sum_unit_vector_times n i (fun j => - s i * l j)) by auto.
  apply sum_ext. intros. ring.
Qed.

Lemma min_max_same Q L U U' v : (forall q l, U q l = U' q l) -> min_max Q L U' v -> min_max Q L U v.
Proof.
  intros E ((q & l & Hq & Hl & H1 & H2) & B & A & W & D).
  split; [exists q, l; split; auto; split; auto; split; intros; rewrite E; auto|].
  assert (Eb : forall l w, best Q U' l w -> best Q U l w).
  { intros x w (X & y & Y & F). split; [intros; rewrite E; auto|exists y; rewrite E; auto]. }
  assert (Ew : forall q w, worst L U' q w -> worst L U q w).
  { intros x w (X & y & Y & F). split; [intros; rewrite E; auto|exists y; rewrite E; auto]. }
  split; [destruct B as (x & X & Y); exists x; auto|].
  split; [intros x X; destruct (A x X) as (w & Y & Z); exists w; auto|].
  split; [destruct W as (x & X & Y); exists x; auto|].
  intros x X. destruct (D x X) as (w & Y & Z). exists w. auto.
Qed.

Lemma learner_polytope Q n b : any_learner Q -> (exists q, Q n b q) -> polytope n (Q n b).
Proof.
  intros [[->|[->| ->]]| ->] (q & H).
  - apply uncapped_polytope. destruct H as (N & T).
    assert (0 <= sum n q) by (apply sum_nonneg; auto). lra.
  - apply capped_polytope. destruct H as (N & T).
    assert (0 <= sum n q) by (apply sum_nonneg; apply N). lra.
  - apply forced_polytope. exists q. exact H.
  - apply forced_capped_polytope. exists q. exact H.
Qed.

Lemma A4_polytopes : A4_polytopes_statement.
Proof.
  intros n g s Q b L HQ E P.
  destruct (polytopes n n (Q n b) L g zero (fun i j => - s i * unit_vector i j)) as (v & V); auto.
  - apply learner_polytope; auto.
  - exists v. apply (min_max_same _ _ _ _ _ (payoff_bilinear n g s) V).
Qed.

(* The best reply to l, its price lam included. *)
Lemma reply_price n w b : 0 <= b -> exists lam q, 0 <= lam /\ capped n b q
  /\ b * lam + sum n (fun i => pos (w i - lam)) <= dot n w q.
Proof.
  intros P. pose (M (_ _ : nat) := -1).
  assert (E : forall q l, bilinear n 1 w (fun _ => b) M q l = l 0%nat * (b - sum n q) + dot n w q).
  { intros q l. rewrite worth_right, dot_one. unfold image, column, M.
    replace (dot n (fun _ => -1) q) with (- sum n q); [ring|].
    unfold dot. rewrite sum_scal. ring. }
  destruct (minimax_linear n 1 (unit_box n) (nonneg 1) w (fun _ => b) M)
    as (v & q & l & Hq & Hl & H1 & H2); [apply unit_box_linear|apply linear_nonneg| | |].
  - exists zero, 0. split; [intros i _; unfold zero; lra|]. intros l Hl.
    rewrite E, sum_zero, dot_zero_right by auto. specialize (Hl 0%nat Nat.lt_0_1).
    assert (0 <= l 0%nat * (b - 0)) by (apply Rmult_le_pos; lra). lra.
  - destruct (bounded_dot n (unit_box n) 1 w) as (hi & H).
    { intros x X i Hi. specialize (X i Hi). lra. }
    exists zero, hi. split; [intros j _; unfold zero; lra|]. intros q Hq. rewrite E.
    destruct (H q Hq). unfold zero at 1. lra.
  - assert (L0 := Hl 0%nat Nat.lt_0_1). exists (l 0%nat), q. split; auto.
    assert (Z : v <= dot n w q).
    { specialize (H1 zero). rewrite E in H1. unfold zero in H1 at 2. rewrite Rmult_0_l in H1.
      rewrite Rplus_0_l in H1. apply H1. intros j _. unfold zero. lra. }
    split; [split; auto|].
    + assert (H : - (b - sum n q) <= 0); [|lra].
      apply (no_slope 0 _ (dot n w q - v)). intros t T. specialize (H1 (fun _ => t)).
      rewrite E in H1. assert (v <= t * (b - sum n q) + dot n w q); [|lra].
      apply H1. intros j _. exact T.
    + apply Rle_trans with v; auto.
      eapply Rle_trans; [|apply (H2 (fun i => if Rle_dec (l 0%nat) (w i) then 1 else 0))].
      * rewrite E. right. set (x := fun i => if Rle_dec (l 0%nat) (w i) then 1 else 0).
        replace (sum n (fun i => pos (w i - l 0%nat))) with (dot n w x - l 0%nat * sum n x);
          [ring|].
        unfold dot. rewrite <- sum_scal, <- sum_minus. apply sum_ext. intros i _. unfold x.
        destruct (Rle_dec (l 0%nat) (w i)); [rewrite pos_of_nonneg|rewrite pos_of_nonpos]; lra.
      * intros i _. destruct (Rle_dec (l 0%nat) (w i)); lra.
Qed.

Lemma A4_program : A4_program_statement.
Proof.
  intros n g s b L B P F.
  destruct (A4_polytopes n g s capped b L) as (v & V & (l & Hl & Lb) & _); auto.
  { left. right. left. reflexivity. }
  { destruct (capped_polytope n b B) as (E & _). exact E. }
  assert (Up : forall lam q x, 0 <= lam -> capped n b q -> payoff n g s q x <= F lam x)
    by (intros; apply payoff_le_by_level; auto).
  exists v. split; auto. split.
  - destruct (reply_price n (fun i => g i - s i * l i) b B) as (lam & q & L1 & Hq & H).
    destruct Lb as (Lb & q' & Hq' & E). exists lam, l. split; auto. split; auto.
    apply Rle_antisym; [|rewrite <- E; auto].
    apply Rle_trans with (payoff n g s q l); auto. eapply Rle_trans; [exact H|].
    right. apply sum_ext. intros. ring.
  - intros lam x L1 X. destruct V as (q & l' & Hq & _ & H & _).
    apply Rle_trans with (payoff n g s q x); auto.
Qed.
