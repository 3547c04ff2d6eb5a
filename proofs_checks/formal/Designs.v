(* Finite distributions; what a sample earns in the mean; draws with replacement and one by one;
   rounds: S1 and S5. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements Sums SampleStatements.
Import ListNotations.
Open Scope R_scope.

(* ------------------------------------------------------------------------ finite distributions *)

Section Expectation.
Context {X : Type}.
Implicit Types D : distribution X.

Lemma expectation_plus D f f' :
  expectation D (fun x => f x + f' x) = expectation D f + expectation D f'.
Proof. induction D as [|(w & x) D IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma expectation_scal D c f : expectation D (fun x => c * f x) = c * expectation D f.
Proof. induction D as [|(w & x) D IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma expectation_app D D' f : expectation (D ++ D') f = expectation D f + expectation D' f.
Proof. induction D as [|(w & x) D IH]; simpl; [lra|rewrite IH; lra]. Qed.

Lemma expectation_ext D f f' : (forall x, f x = f' x) -> expectation D f = expectation D f'.
Proof. intros E. induction D as [|(w & x) D IH]; simpl; [reflexivity|]. rewrite IH, E. lra. Qed.

Lemma expectation_sum D n (f : nat -> X -> R) :
  expectation D (fun x => sum n (fun k => f k x)) = sum n (fun k => expectation D (f k)).
Proof.
  induction n; simpl.
  - induction D as [|(w & x) D IH]; simpl; [|rewrite IH]; lra.
  - rewrite expectation_plus, IHn. reflexivity.
Qed.

Lemma expectation_const D c : proper D -> expectation D (fun _ => c) = c.
Proof.
  intros (_ & W). rewrite (expectation_ext D _ (fun _ => c * 1)) by (intros; ring).
  rewrite expectation_scal, W. ring.
Qed.

(* Outcomes of weight zero count for nothing. *)
Lemma expectation_le D (P : X -> Prop) f f' : (forall w x, In (w, x) D -> 0 <= w) -> surely D P ->
  (forall x, P x -> f x <= f' x) -> expectation D f <= expectation D f'.
Proof.
  intros W A F. induction D as [|(w & x) D IH]; simpl; [lra|].
  assert (expectation D f <= expectation D f').
  { apply IH; [intros v y H; apply (W v y); right; exact H|].
    intros v y H. apply (A v y). right. exact H. }
  assert (W0 : 0 <= w) by (apply (W w x); left; reflexivity).
  destruct W0 as [W0|<-]; [|lra].
  assert (w * f x <= w * f' x).
  { apply Rmult_le_compat_l; [lra|]. apply F, (A w x); [left; reflexivity|exact W0]. }
  lra.
Qed.

Lemma expectation_le_all D f f' : proper D -> (forall x, f x <= f' x) ->
  expectation D f <= expectation D f'.
Proof.
  intros (W & _) F. apply (expectation_le D (fun _ => True)); auto. intros w x _ _. exact Logic.I.
Qed.

Lemma expectation_same D (P : X -> Prop) f f' : proper D -> surely D P ->
  (forall x, P x -> f x = f' x) -> expectation D f = expectation D f'.
Proof.
  intros (W & _) A F.
  apply Rle_antisym; apply (expectation_le D P); auto; intros; apply Req_le; [|symmetry]; auto.
Qed.
End Expectation.

Lemma followed_by_cons {X Y} w (x : X) D (next : X -> distribution Y) :
  followed_by ((w, x) :: D) next
  = map (fun vy => (w * fst vy, snd vy)) (next x) ++ followed_by D next.
Proof. reflexivity. Qed.

Lemma expectation_followed_by {X Y} (D : distribution X) (next : X -> distribution Y) f :
  expectation (followed_by D next) f = expectation D (fun x => expectation (next x) f).
Proof.
  induction D as [|(w & x) D IH]; [reflexivity|].
  rewrite followed_by_cons, expectation_app, IH. simpl. f_equal.
  induction (next x) as [|(v & y) E IHE]; simpl; [lra|rewrite IHE; lra].
Qed.

Lemma in_followed_by {X Y} (D : distribution X) (next : X -> distribution Y) u y :
  In (u, y) (followed_by D next) ->
  exists w x v, In (w, x) D /\ In (v, y) (next x) /\ u = w * v.
Proof.
  intros H. apply in_flat_map in H. destruct H as ((w & x) & HD & H).
  apply in_map_iff in H. destruct H as ((v & y') & E & H). simpl in *. inversion E; subst.
  exists w, x, v. auto.
Qed.

Lemma proper_followed_by {X Y} (D : distribution X) (next : X -> distribution Y) (P : X -> Prop) :
  proper D -> surely D P -> (forall x, P x -> proper (next x)) ->
  (forall w x v y, In (w, x) D -> In (v, y) (next x) -> w = 0 \/ 0 <= v) ->
  proper (followed_by D next).
Proof.
  intros PD A N Z. split.
  - intros u y H. apply in_followed_by in H. destruct H as (w & x & v & HD & H & ->).
    assert (0 <= w) by (apply (proj1 PD w x HD)).
    destruct (Z w x v y HD H) as [->|]; [lra|]. apply Rmult_le_pos; auto.
  - rewrite expectation_followed_by.
    rewrite (expectation_same D P _ (fun _ => 1) PD A); [apply PD|]. intros x Px. apply N. exact Px.
Qed.

Lemma proper_followed_by_all {X Y} (D : distribution X) (next : X -> distribution Y) :
  proper D -> (forall w x, In (w, x) D -> proper (next x)) -> proper (followed_by D next).
Proof.
  intros PD N. split.
  - intros u y H. apply in_followed_by in H. destruct H as (w & x & v & HD & H & ->).
    apply Rmult_le_pos; [apply (proj1 PD w x HD)|apply (proj1 (N w x HD) v y H)].
  - rewrite expectation_followed_by.
    rewrite (expectation_same D (fun x => proper (next x)) _ (fun _ => 1) PD); [apply PD| |].
    + intros w x HD _. apply (N w x HD).
    + intros x Nx. apply Nx.
Qed.

Lemma surely_followed_by {X Y} (D : distribution X) (next : X -> distribution Y) P :
  (forall w x, In (w, x) D -> 0 <= w) -> (forall w x, In (w, x) D -> 0 < w -> surely (next x) P) ->
  surely (followed_by D next) P.
Proof.
  intros W N u y H Pu. apply in_followed_by in H. destruct H as (w & x & v & HD & H & ->).
  assert (W0 := W w x HD). destruct W0 as [W0|<-]; [|lra].
  apply (N w x HD W0 v y H). destruct (Rlt_dec 0 v) as [Q|Q]; [exact Q|].
  exfalso. assert (w * v <= w * 0) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(* One outcome for each of the numbers below n. *)
Lemma expectation_numbered {X} n (p : nat -> R) (x : nat -> X) f :
  expectation (map (fun i => (p i, x i)) (seq 0 n)) f = sum n (fun i => p i * f (x i)).
Proof.
  induction n; [reflexivity|].
  rewrite seq_S, map_app, expectation_app, IHn. simpl. lra.
Qed.

(* ------------------------------------------------------------------------------------ S1 *)

Lemma expectation_of_payoff n g s q D l : includes n q D ->
  expectation D (fun z => payoff n g s z l) = payoff n g s q l.
Proof.
  intros Inc. unfold payoff.
  rewrite (expectation_sum D n (fun k z => z k * (g k - s k * l k))).
  apply sum_ext. intros i Hi.
  rewrite (expectation_ext D _ (fun z => (g i - s i * l i) * z i)) by (intros; ring).
  rewrite expectation_scal, (Inc i Hi). ring.
Qed.

Lemma S1_mean : S1_mean_statement.
Proof.
  intros n g s q D _ Inc. split.
  - intros l. apply expectation_of_payoff. exact Inc.
  - intros Q L l v (_ & _ & Low & _) l' Hl. rewrite (expectation_of_payoff n g s q) by exact Inc.
    apply Low. exact Hl.
Qed.

Lemma S1_mixture : S1_mixture_statement.
Proof.
  intros X n q orders D PO E. split; [|split].
  - apply proper_followed_by_all; auto. intros w x H. apply (E w x H).
  - apply surely_followed_by; [apply PO|]. intros w x H _. apply (E w x H).
  - intros i Hi. rewrite expectation_followed_by.
    rewrite (expectation_same orders (fun x => exact n q (D x)) _ (fun _ => q i) PO).
    + apply expectation_const. exact PO.
    + intros w x H _. apply (E w x H).
    + intros x Ex. apply Ex. exact Hi.
Qed.

Lemma expectation_reordered tau D f :
  expectation (reordered tau D) f = expectation D (fun z => f (fun i => z (tau i))).
Proof. induction D as [|(w & z) D IH]; simpl; [reflexivity|rewrite IH; reflexivity]. Qed.

Lemma surely_reordered tau D (P P' : sample -> Prop) : surely D P ->
  (forall z, P z -> P' (fun i => z (tau i))) -> surely (reordered tau D) P'.
Proof.
  intros A M w z H W. apply in_map_iff in H. destruct H as ((w' & z') & E & H).
  inversion E; subst. apply M, (A w z' H W).
Qed.

Lemma S1_order : S1_order_statement.
Proof.
  intros n q D sigma tau Per q'.
  assert (Back : forall f, sum n (fun i => f (tau i)) = sum n f).
  { intros f. apply sum_permutation; [intros i Hi; apply (Per i Hi)|]. intros i j Hi Hj E.
    rewrite <- (proj1 (proj2 (proj2 (Per i Hi)))), E. apply (Per j Hj). }
  assert (Tot : sum n q' = sum n q).
  { rewrite <- (Back q'). apply sum_ext. intros i Hi. unfold q'.
    rewrite (proj1 (proj2 (proj2 (Per i Hi)))). reflexivity. }
  split.
  - intros ((W & T) & B & Inc). split; [split|split].
    + intros w z H. apply in_map_iff in H. destruct H as ((w' & z') & E & H).
      inversion E; subst. apply (W w z' H).
    + rewrite expectation_reordered. exact T.
    + apply (surely_reordered tau D _ _ B). intros z Z i Hi. apply Z, (Per i Hi).
    + intros i Hi. rewrite expectation_reordered.
      destruct (Per i Hi) as (_ & Ht & E & _). rewrite (Inc (tau i) Ht). unfold q'.
      rewrite E. reflexivity.
  - intros (Near & Whole). split.
    + apply (surely_reordered tau D _ _ Near). intros z. rewrite (Back z), Tot. auto.
    + intros k K. rewrite <- Tot in K. apply (surely_reordered tau D _ _ (Whole k K)).
      intros z. rewrite (Back z). auto.
Qed.

Lemma with_point_unit i z k : with_point i z k = z k + unit_vector i k.
Proof. unfold with_point, unit_vector. destruct (Nat.eq_dec k i); lra. Qed.

Lemma sum_with_point n i z : (i < n)%nat -> sum n (with_point i z) = sum n z + 1.
Proof.
  intros Hi. rewrite (sum_ext n _ (fun k => z k + unit_vector i k)).
  - rewrite sum_plus, sum_unit_vector by exact Hi. reflexivity.
  - intros k _. apply with_point_unit.
Qed.

Lemma S1_replaced : S1_replaced_statement.
Proof.
  intros n p b (P & T). induction b as [|b (PD & Inc & Size)].
  - split; [|split].
    + split; [|simpl; lra]. intros w z [E|[]]. inversion E; subst. lra.
    + intros i Hi. simpl. unfold nothing. lra.
    + intros w z [E|[]] _. inversion E; subst. simpl. apply sum_zero. reflexivity.
  - assert (One : forall z : sample, proper (map (fun i => (p i, with_point i z)) (seq 0 n))).
    { intros z. split.
      - intros v y H. apply in_map_iff in H. destruct H as (i & E & H). apply in_seq in H.
        inversion E; subst. apply P. lia.
      - rewrite expectation_numbered, (sum_ext n _ p) by (intros; ring). exact T. }
    split; [|split]; simpl.
    + apply proper_followed_by_all; auto.
    + intros k Hk. rewrite expectation_followed_by.
      rewrite (expectation_ext _ _ (fun z => z k + p k)).
      * rewrite (expectation_plus _ (fun z : sample => z k) (fun _ => p k)).
        rewrite (Inc k Hk), (expectation_const _ _ PD).
        change (match b with O => 1 | S _ => INR b + 1 end) with (INR (S b)). rewrite S_INR. ring.
      * intros z. rewrite expectation_numbered.
        rewrite (sum_ext n _ (fun i => z k * p i + unit_vector k i * p i)).
        -- rewrite sum_plus, sum_scal, T, sum_unit_vector_times by exact Hk. ring.
        -- intros i _. rewrite with_point_unit. unfold unit_vector.
           destruct (Nat.eq_dec k i), (Nat.eq_dec i k); subst; try congruence; ring.
    + apply surely_followed_by; [apply PD|]. intros w z H W v y Hy _.
      apply in_map_iff in Hy. destruct Hy as (i & E & Hi). apply in_seq in Hi.
      inversion E; subst. rewrite sum_with_point by lia.
      rewrite (Size w z H W). change (INR b + 1 = INR (S b)). rewrite S_INR. reflexivity.
Qed.

(* Each of the nine outcomes is worked out. *)
Ltac outcomes H :=
  repeat (destruct H as [H|H]; [inversion H; subst; clear H|]); try contradiction.

Lemma S1_one_by_one : S1_one_by_one_statement.
Proof.
  cbv delta [S1_one_by_one_statement]. intros q D U l. split; [|split; [|split; [|split; [|split]]]].
  - split.
    + intros w z H. unfold D in H. simpl in H. unfold halves, with_point, nothing in H. simpl in H.
      outcomes H; lra.
    + unfold D. simpl. unfold halves, with_point, nothing. simpl. field.
  - intros w z H W. unfold D in H. simpl in H. unfold halves, with_point, nothing in H.
    simpl in H. outcomes H; simpl; try lra; exfalso; lra.
  - unfold q, halves. lra.
  - unfold D. simpl. unfold halves, with_point, nothing. simpl. field.
  - unfold U, q, l, payoff, stake, one_two_two, halves. simpl. split; [|split; [|split]].
    + split; [|simpl; lra]. intros i _. destruct i; simpl; lra.
    + split; [|simpl; lra]. intros i _. destruct i; simpl; lra.
    + intros l' (B & M). simpl in *. lra.
    + intros q' (B & M). simpl in *. assert (Q := B 0%nat ltac:(lia)). lra.
  - unfold D, U, l, payoff, stake, one_two_two. simpl. unfold halves, with_point, nothing. simpl.
    field.
Qed.

(* ------------------------------------------------------------------------------------ rounds *)

Lemma expectation_next (past : history) (D : distribution sample) f :
  expectation (map (fun wz => (fst wz, snd wz :: past)) D) f
  = expectation D (fun z => f (z :: past)).
Proof. induction D as [|(w & z) D IH]; simpl; [reflexivity|rewrite IH; reflexivity]. Qed.

Lemma expectation_played k draw f : expectation (played (S k) draw) f
  = expectation (played k draw) (fun past => expectation (draw past) (fun z => f (z :: past))).
Proof.
  cbn [played]. rewrite expectation_followed_by. apply expectation_ext.
  intros past. apply expectation_next.
Qed.

Lemma played_length T draw w h : In (w, h) (played T draw) -> length h = T.
Proof.
  revert w h. induction T as [|T IH]; simpl; intros w h H.
  - destruct H as [E|[]]. inversion E. reflexivity.
  - apply in_followed_by in H. destruct H as (w' & past & v & HD & H & _).
    apply in_map_iff in H. destruct H as ((v' & z) & E & _). inversion E; subst. simpl.
    rewrite (IH _ _ HD). reflexivity.
Qed.

Lemma played_proper T draw : (forall past, (length past < T)%nat -> proper (draw past)) ->
  proper (played T draw).
Proof.
  induction T as [|T IH]; simpl; intros PD.
  - split; [|simpl; lra]. intros w h [E|[]]. inversion E. lra.
  - apply proper_followed_by_all; [apply IH; auto with arith|].
    intros w past H. apply played_length in H.
    destruct (PD past) as (W & Q); [lia|]. split; [|rewrite expectation_next; exact Q].
    intros v h Hh. apply in_map_iff in Hh. destruct Hh as ((v' & z) & E & Hz).
    inversion E; subst. apply (W v z Hz).
Qed.

Lemma earned_next k draw gain : (forall past, (length past < S k)%nat -> proper (draw past)) ->
  expectation (played (S k) draw) (earned gain)
  = expectation (played k draw) (earned gain)
    + expectation (played k draw) (fun past => expectation (draw past) (gain past)).
Proof.
  intros PD. rewrite expectation_played, <- expectation_plus.
  apply (expectation_same _ (fun past => length past = k)).
  - apply played_proper. auto with arith.
  - intros w past H _. apply (played_length _ _ _ _ H).
  - intros past E. cbn [earned]. rewrite (expectation_plus (draw past)).
    rewrite expectation_const; [reflexivity|]. apply PD. lia.
Qed.

Lemma earned_monotone T draw gain gain' :
  (forall past, (length past < T)%nat -> proper (draw past)
     /\ expectation (draw past) (gain past) <= expectation (draw past) (gain' past)) ->
  expectation (played T draw) (earned gain) <= expectation (played T draw) (earned gain').
Proof.
  induction T as [|T IH]; intros A; [simpl; lra|].
  rewrite !earned_next by (intros past H; apply (A past H)).
  apply Rplus_le_compat; [apply IH; auto with arith|].
  apply (expectation_le _ (fun past => length past = T)).
  - apply played_proper. intros past H. apply (A past). lia.
  - intros w past H _. apply (played_length _ _ _ _ H).
  - intros past E. apply (A past). lia.
Qed.

Lemma earned_fixed T draw v V : (forall past, (length past < T)%nat -> proper (draw past)) ->
  (forall past, (length past < T)%nat -> v past = V (length past)) ->
  expectation (played T draw) (earned (fun past _ => v past)) = sum T V.
Proof.
  induction T as [|T IH]; intros A E; [simpl; lra|].
  rewrite earned_next by exact A. rewrite IH by auto with arith. cbn [sum]. apply Rplus_eq_compat_l.
  rewrite (expectation_same _ (fun past : history => length past = T) _ (fun _ => V T)).
  - apply expectation_const, played_proper. auto with arith.
  - apply played_proper. auto with arith.
  - intros w past H _. apply (played_length _ _ _ _ H).
  - intros past N. rewrite expectation_const by (apply A; lia). rewrite E by lia. rewrite N. auto.
Qed.

Lemma S5 : S5_statement.
Proof.
  intros T n g s q l Q L v draw A gain.
  assert (M : expectation (played T draw) (earned (fun past _ => v past))
              <= expectation (played T draw) (earned gain)).
  { apply earned_monotone. intros past H. destruct (A past H) as (P & Inc & (l' & Sad) & Hl).
    split; [exact P|]. rewrite expectation_const by exact P. unfold gain.
    rewrite (expectation_of_payoff _ _ _ (q past)) by exact Inc.
    destruct Sad as (_ & _ & Low & _). apply Low. exact Hl. }
  split; [exact M|]. intros V E. rewrite <- (earned_fixed T draw v V); auto.
  intros past H. apply (A past H).
Qed.
