(* V4 without replacement: V = max over tau of A(tau) - tau m, where A(tau) is what a design with
   shares of at most min(1, tau/s) can gain; A bends at finitely many thresholds. *)
Require Import Reals Lra Lia List.
From Radsim Require Import Statements MoreStatements Sums Levels Prices Capped Shape Orders.
Open Scope R_scope.

(* Convex wherever no point of the list lies between. *)
Definition straight (T : list R) (f : R -> R) : Prop := forall x z y, 0 <= x <= z -> z <= y ->
  (forall t, In t T -> t <= x \/ y <= t) -> (y - x) * f z <= (y - z) * f x + (z - x) * f y.

Lemma straight_plus T T' f f' : straight T f -> straight T' f' ->
  straight (T ++ T') (fun x => f x + f' x).
Proof.
  intros A B x z y X Y H.
  assert (HA := A x z y X Y ltac:(intros; apply H, in_or_app; auto)).
  assert (HB := B x z y X Y ltac:(intros; apply H, in_or_app; auto)). lra.
Qed.

Lemma straight_scal T a f : 0 <= a -> straight T f -> straight T (fun x => a * f x).
Proof.
  intros P A x z y X Y H. assert (HA := A x z y X Y H).
  apply (Rmult_le_compat_l a) in HA; [|exact P]. lra.
Qed.

Lemma straight_sum n (f : nat -> R -> R) :
  (forall i, (i < n)%nat -> exists T, straight T (f i)) ->
  exists T, straight T (fun x => sum n (fun i => f i x)).
Proof.
  induction n; intros H.
  - exists nil. intros x z y X Y _. simpl. lra.
  - destruct IHn as (T & A); [auto|]. destruct (H n) as (T' & B); [lia|].
    exists (T ++ T'). apply (straight_plus T T' _ _ A B).
Qed.

Lemma straight_share s i : 0 < s i -> straight (s i :: nil) (fun t => share t s i).
Proof.
  intros P x z y X Y H. destruct (H (s i)) as [L|L]; [left; reflexivity| |].
  - rewrite !share_of_light_stake by lra. lra.
  - rewrite !share_of_heavy_stake by lra. right. field. lra.
Qed.

(* A cut at b bends once more, where f reaches b. *)
Lemma straight_min T f b top : straight T f -> continuity f -> f 0 <= b -> 0 <= top ->
  (forall x y, 0 <= x <= y -> f x <= f y) -> (forall x, top <= x -> f x = f top) ->
  exists T', straight T' (fun x => Rmin b (f x)).
Proof.
  intros A C F0 Top Mono Flat. destruct (Rle_dec b (f top)) as [L|L].
  - destruct (intermediate_value f 0 top b C Top (conj F0 L)) as (c & Hc & E).
    exists (c :: T). intros x z y X Y H. destruct (H c) as [Q|Q]; [left; reflexivity| |].
    + assert (Mx := Mono c x ltac:(lra)). assert (Mz := Mono c z ltac:(lra)).
      assert (My := Mono c y ltac:(lra)). rewrite !Rmin_left by lra. lra.
    + assert (Mx := Mono x c ltac:(lra)). assert (Mz := Mono z c ltac:(lra)).
      assert (My := Mono y c ltac:(lra)). rewrite !Rmin_right by lra.
      apply A; auto. intros t Ht. apply H. right. exact Ht.
  - exists T. intros x z y X Y H.
    assert (Up : forall w, 0 <= w -> f w <= f top).
    { intros w Hw. destruct (Rle_dec w top); [apply Mono; lra|right; apply Flat; lra]. }
    assert (Ux := Up x ltac:(lra)). assert (Uz := Up z ltac:(lra)). assert (Uy := Up y ltac:(lra)).
    rewrite !Rmin_right by lra. apply A; auto.
Qed.

(* The neighbours of z in the list. *)
Lemma neighbours T : forall x z y, x <= z <= y -> exists x' y',
  (x' = x \/ In x' T) /\ (y' = y \/ In y' T) /\ x <= x' <= z /\ z <= y' <= y
  /\ forall t, In t T -> t <= x' \/ y' <= t.
Proof.
  induction T as [|w T IH]; intros x z y H.
  { exists x, y. repeat split; try lra; auto. intros t []. }
  destruct (IH x z y H) as (x' & y' & Ix & Iy & X & Y & Sep).
  destruct (Rle_dec w z) as [L|L].
  - destruct (Rle_dec w x') as [Q|Q].
    + exists x', y'. repeat split; try lra; simpl; [tauto|tauto|].
      intros t [<-|Ht]; [left; exact Q|apply Sep; exact Ht].
    + exists w, y'. repeat split; try lra; simpl; [tauto|tauto|].
      intros t [<-|Ht]; [left; lra|]. destruct (Sep t Ht); [left; lra|right; lra].
  - destruct (Rle_dec y' w) as [Q|Q].
    + exists x', y'. repeat split; try lra; simpl; [tauto|tauto|].
      intros t [<-|Ht]; [right; exact Q|apply Sep; exact Ht].
    + exists x', w. repeat split; try lra; simpl; [tauto|tauto|].
      intros t [<-|Ht]; [right; lra|]. destruct (Sep t Ht); [left; lra|right; lra].
Qed.

(* Summation by parts. *)
Lemma sum_by_parts k g q : sum k (fun i => q i * g i)
  = sum k (fun i => (g i - g (S i)) * sum (S i) q) + g k * sum k q.
Proof. induction k; simpl; [ring|]. rewrite IHk. simpl. ring. Qed.

Section Pieces.
Variables (n : nat) (g h : nat -> R) (b : R).
Hypothesis in_pool : pool n g h.
Hypothesis sorted : descending n g.
Hypothesis b_nonneg : 0 <= b.
Let s := stake g h.
Let s_pos : all_positive n s := pool_stakes_positive n g h in_pool.
Let next := extended n g.

Definition room (k : nat) (t : R) : R := sum k (share t s).
Definition gainable (t : R) : R := sum n (fun i => (next i - next (S i)) * Rmin b (room (S i) t)).
Definition greedy (t : R) (i : nat) : R := Rmin b (room (S i) t) - Rmin b (room i t).

Lemma next_gap i : (i < n)%nat -> 0 <= next i - next (S i).
Proof.
  intros Hi. unfold next. rewrite extended_inside by exact Hi.
  destruct (Nat.eq_dec (S i) n) as [->|Q].
  - rewrite extended_at_new_point. destruct (in_pool i Hi). lra.
  - rewrite extended_inside by lia. assert (g (S i) <= g i) by (apply sorted; lia). lra.
Qed.

Lemma gain_by_parts q : sum n (fun i => q i * g i)
  = sum n (fun i => (next i - next (S i)) * sum (S i) q).
Proof.
  rewrite (sum_ext n _ (fun i => q i * next i)).
  - rewrite sum_by_parts. unfold next at 3. rewrite extended_at_new_point. ring.
  - intros i Hi. unfold next. rewrite extended_inside by exact Hi. reflexivity.
Qed.

Lemma sum_greedy k t : sum k (greedy t) = Rmin b (room k t).
Proof.
  induction k; simpl.
  - unfold room. simpl. rewrite Rmin_right by lra. reflexivity.
  - rewrite IHk. unfold greedy. ring.
Qed.

Lemma greedy_within_share t i : 0 <= t -> (i < n)%nat -> 0 <= greedy t i <= share t s i.
Proof.
  intros T Hi. assert (P := share_nonneg t s i T (s_pos i Hi)). unfold greedy, room. simpl.
  unfold Rmin. destruct (Rle_dec b (sum i (share t s) + share t s i)),
    (Rle_dec b (sum i (share t s))); lra.
Qed.

Lemma gainable_is_greedy t : sum n (fun i => greedy t i * g i) = gainable t.
Proof. rewrite gain_by_parts. apply sum_ext. intros i Hi. rewrite sum_greedy. reflexivity. Qed.

Lemma gain_le_gainable t q : nonneg n q -> (forall i, (i < n)%nat -> q i <= share t s i) ->
  sum n q <= b -> sum n (fun i => q i * g i) <= gainable t.
Proof.
  intros N Q B. rewrite gain_by_parts. apply sum_le. intros i Hi.
  apply Rmult_le_compat_l; [apply next_gap; exact Hi|]. apply Rmin_glb.
  - apply Rle_trans with (sum n q); [|exact B]. rewrite (sum_split n (S i)) by lia.
    assert (0 <= sum (n - S i) (fun k => q (S i + k)%nat)); [|lra].
    apply sum_nonneg. intros k Hk. apply N. lia.
  - apply sum_le. intros k Hk. apply Q. lia.
Qed.

Lemma gainable_below_value t m v : 0 <= t ->
  value (capped n b) (mistakes n m) (payoff n g s) v -> gainable t - t * m <= v.
Proof.
  intros T (q & l & _ & (L1 & L2) & _ & B).
  apply Rle_trans with (payoff n g s (greedy t) l).
  - rewrite <- gainable_is_greedy.
    apply Rle_trans with (sum n (fun i => greedy t i * g i) - t * sum n l); [nra|].
    rewrite <- sum_scal, <- sum_minus. apply sum_le. intros i Hi. specialize (L1 i Hi).
    assert (A := greedy_within_share t i T Hi). assert (C := share_times_stake_le t s i (s_pos i
      Hi)).
    assert (P := s_pos i Hi). assert (greedy t i * s i <= t) by nra. nra.
  - apply B. split; [|rewrite sum_greedy; apply Rmin_l]. intros i Hi.
    assert (A := greedy_within_share t i T Hi). assert (C := share_le_one t s i). lra.
Qed.

Lemma value_is_gainable m v : 0 <= m ->
  value (capped n b) (mistakes n m) (payoff n g s) v ->
  exists t, 0 <= t /\ v = gainable t - t * m.
Proof.
  intros M V. destruct (bracket_prices_exist n g h in_pool m b M b_nonneg)
    as (lam & t & L & T & A1 & A2 & C1 & C2).
  destruct (priced_pair_exists n g h in_pool m b lam t L T A1 A2 C1 C2)
    as (q & l & Fq & Fl & Cq & Cl).
  destruct (priced_pair_is_saddle n g h in_pool m b lam t q l L T Fq Fl Cq Cl) as (_ & Sd).
  set (x := sum n (fun i => q i * g i) - t * m) in *.
  assert (E : v = x) by (eapply value_unique; [exact V|exists q, l; exact Sd]).
  exists t. split; [exact T|]. destruct Sd as ((Q1 & Q2) & _).
  assert (Up := gainable_below_value t m v T V).
  assert (sum n (fun i => q i * g i) <= gainable t); [|unfold x in E; lra].
  apply gain_le_gainable; auto; [intros i Hi; apply Q1; auto|]. intros i Hi.
  destruct (Fq i Hi) as (F1 & F2 & F3). assert (P := share_nonneg t s i T (s_pos i Hi)).
  destruct (Rtotal_order lam (g i)) as [G|[G|G]].
  - rewrite F1 by exact G. unfold s. lra.
  - apply F2. auto.
  - rewrite F3 by exact G. exact P.
Qed.

Definition top : R := sum n s.

Lemma top_at_least_stakes i : (i < n)%nat -> s i <= top.
Proof. intros Hi. apply term_le_sum; auto. intros k Hk. apply Rlt_le. auto. Qed.

Lemma room_flat k t : (k <= n)%nat -> top <= t -> room k t = room k top.
Proof.
  intros Hk T. apply sum_ext. intros i Hi. assert (A := top_at_least_stakes i ltac:(lia)).
  rewrite !share_of_light_stake; auto; try lra; apply s_pos; lia.
Qed.

Lemma gainable_flat t : top <= t -> gainable t = gainable top.
Proof. intros T. apply sum_ext. intros i Hi. rewrite room_flat by (auto; lia). reflexivity. Qed.

Lemma gainable_straight : exists T, straight T gainable.
Proof.
  apply (straight_sum n (fun i t => (next i - next (S i)) * Rmin b (room (S i) t))). intros i Hi.
  assert (St : exists T, straight T (room (S i))).
  { apply (straight_sum (S i) (fun k t => share t s k)). intros k Hk. exists (s k :: nil).
    apply straight_share. apply s_pos. lia. }
  destruct St as (T & A). destruct (straight_min T (room (S i)) b top A) as (T' & B).
  - apply lipschitz_continuous with (K := sum (S i) (fun k => / s k)). intros x y.
    apply (sum_lipschitz (S i) (fun k t => share t s k)). intros k x' y' Hk.
    apply share_lipschitz. apply s_pos. lia.
  - unfold room. rewrite sum_zero; [exact b_nonneg|]. intros k Hk.
    rewrite share_of_heavy_stake; [unfold Rdiv; ring|apply s_pos; lia|apply Rlt_le, s_pos; lia].
  - apply sum_nonneg. intros k Hk. apply Rlt_le. auto.
  - intros x y H. apply sum_le. intros k Hk. apply share_monotone; [apply s_pos; lia|lra].
  - intros x X. apply room_flat; auto; lia.
  - exists T'. apply straight_scal; [apply next_gap; exact Hi|exact B].
Qed.

(* Of the neighbours of an optimal threshold one is optimal. *)
Lemma optimal_in_list T m v t : straight T gainable -> 0 <= m -> 0 <= t <= top ->
  v = gainable t - t * m -> (forall u, 0 <= u -> gainable u - u * m <= v) ->
  exists u, 0 <= u /\ In u (0 :: top :: T) /\ v = gainable u - u * m.
Proof.
  intros A M Ht E Up. destruct (neighbours T 0 t top Ht) as (x & y & Ix & Iy & X & Y & Sep).
  assert (C := A x t y ltac:(lra) ltac:(lra) Sep).
  assert (Ux := Up x ltac:(lra)). assert (Uy := Up y ltac:(lra)).
  assert (Jx : In x (0 :: top :: T)) by (simpl; destruct Ix as [->|]; auto).
  assert (Jy : In y (0 :: top :: T)) by (simpl; destruct Iy as [->|]; auto).
  destruct (Req_dec (gainable x - x * m) v) as [Q|Q]; [exists x; split; [lra|split; [exact
    Jx|lra]]|].
  destruct (Req_dec (gainable y - y * m) v) as [W|W]; [exists y; split; [lra|split; [exact
    Jy|lra]]|].
  exfalso. assert (Lx : gainable x - x * m < v) by lra. assert (Ly : gainable y - y * m < v) by lra.
  assert (Nx : x <> t) by (intros ->; lra). assert (Ny : y <> t) by (intros ->; lra).
  assert ((y - t) * gainable x < (y - t) * (v + x * m)) by (apply Rmult_lt_compat_l; lra).
  assert ((t - x) * gainable y < (t - x) * (v + y * m)) by (apply Rmult_lt_compat_l; lra).
  replace (gainable t) with (v + t * m) in C by lra. lra.
Qed.

Lemma sorted_pieces : exists (N : nat) (a t : nat -> R), forall m v, 0 <= m ->
  value (capped n b) (mistakes n m) (payoff n g s) v -> greatest N (fun j => a j - t j * m) v.
Proof.
  destruct gainable_straight as (T & A).
  assert (Top : 0 <= top) by (apply sum_nonneg; intros k Hk; apply Rlt_le; auto).
  set (L := 0 :: top :: T). set (at_ := fun j => pos (nth j L 0)).
  exists (length L), (fun j => gainable (at_ j)), at_. intros m v M V. split.
  - intros j Hj. apply gainable_below_value; auto. apply pos_nonneg.
  - destruct (value_is_gainable m v M V) as (t0 & T0 & E0).
    assert (Ex : exists t, 0 <= t <= top /\ v = gainable t - t * m).
    { destruct (Rle_dec t0 top) as [Q|Q]; [exists t0; split; [lra|exact E0]|].
      exists top. split; [lra|]. rewrite gainable_flat in E0 by lra.
      assert (W := gainable_below_value top m v Top V). nra. }
    destruct Ex as (t & Ht & E).
    destruct (optimal_in_list T m v t A M Ht E) as (u & P & Iu & Eu).
    { intros u U. apply gainable_below_value; auto. }
    destruct (In_nth L u 0 Iu) as (j & Hj & Ej).
    exists j. split; [exact Hj|]. unfold at_. rewrite Ej, pos_of_nonneg by exact P.
    symmetry. exact Eu.
Qed.
End Pieces.

Lemma V4_capped_pieces : V4_capped_pieces_statement.
Proof.
  intros n g h b P B. destruct (sorting n g) as (sg & tu & Or & D).
  destruct (sorted_pieces n (reordered sg g) (reordered sg h) b
    (reordered_pool n sg tu Or g h P) D B) as (N & a & t & A).
  exists N, a, t. intros m v M V. apply A; [exact M|].
  apply (V4_order n g (stake g h) capped b m v sg tu); auto. right. left. reflexivity.
Qed.
