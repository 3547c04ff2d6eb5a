(* The law of the mistakes seen among validation points, and what the upper limit covers, S4. *)
Require Import Reals Lra Lia List Arith Bool.
From Radsim Require Import Statements BoundStatements.
From Radsim Require Import Sums.
Import ListNotations.
Open Scope nat_scope.

(* -------------------------------------------------------------------------- counting in lists *)

Section Counting.
Context {A B : Type}.

Lemma filter_map_length (f : B -> bool) (g : A -> B) l :
  length (filter f (map g l)) = length (filter (fun x => f (g x)) l).
Proof. induction l; simpl; [reflexivity|]. destruct (f (g a)); simpl; congruence. Qed.

Lemma filter_monotone (f g : A -> bool) l :
  (forall x, In x l -> f x = true -> g x = true) -> length (filter f l) <= length (filter g l).
Proof.
  induction l; simpl; intros L; [lia|].
  assert (Rest : length (filter f l) <= length (filter g l)) by (apply IHl; intros; apply L; auto).
  specialize (L a (or_introl eq_refl)).
  destruct (f a); [rewrite (L eq_refl); simpl; lia|]. destruct (g a); simpl; lia.
Qed.

Lemma filter_same (f g : A -> bool) l : (forall x, In x l -> f x = g x) ->
  length (filter f l) = length (filter g l).
Proof.
  intros E. apply Nat.le_antisymm; apply filter_monotone; intros x Hx Fx;
    [rewrite <- E|rewrite E]; assumption.
Qed.

Lemma filter_none (f : A -> bool) l : (forall x, In x l -> f x = false) -> length (filter f l) = 0.
Proof.
  induction l; simpl; intros L; [reflexivity|]. rewrite (L a) by auto. apply IHl. auto.
Qed.

Lemma filter_all (f : A -> bool) l : (forall x, In x l -> f x = true) ->
  length (filter f l) = length l.
Proof.
  induction l; simpl; intros L; [reflexivity|]. rewrite (L a) by auto. simpl. rewrite IHl; auto.
Qed.

Lemma filter_complement (f : A -> bool) l :
  length (filter f l) + length (filter (fun x => negb (f x)) l) = length l.
Proof. induction l; simpl; [reflexivity|]. destruct (f a); simpl; lia. Qed.
End Counting.

(* --------------------------------------------------------------------------------- subsets *)

Lemma subsets_S N v : subsets (S N) (S v) = subsets N (S v) ++ map (cons N) (subsets N v).
Proof. reflexivity. Qed.

Lemma subsets_0 N : subsets N 0 = [[]].
Proof. destruct N; reflexivity. Qed.

Lemma subsets_length N : forall v, length (subsets N v) = choose N v.
Proof.
  induction N; intros [|v]; try reflexivity.
  rewrite subsets_S, app_length, map_length, !IHN. reflexivity.
Qed.

Lemma choose_positive n : forall k, k <= n -> 0 < choose n k.
Proof.
  induction n; intros [|k] L; simpl; try lia. assert (0 < choose n k) by (apply IHn; lia). lia.
Qed.

Lemma subsets_ind (P : nat -> list nat -> Prop) : (forall N, P N []) ->
  (forall N V, P N V -> P (S N) V) -> (forall N V, P N V -> P (S N) (N :: V)) ->
  forall N v V, In V (subsets N v) -> P N V.
Proof.
  intros P0 P1 P2. induction N; intros [|v] V; rewrite ?subsets_0.
  - intros [<-|[]]. apply P0.
  - intros [].
  - intros [<-|[]]. apply P0.
  - rewrite subsets_S, in_app_iff, in_map_iff. intros [H|(W & <- & H)].
    + apply P1, (IHN _ _ H).
    + apply P2, (IHN _ _ H).
Qed.

Lemma subsets_below N v V : In V (subsets N v) -> forall i, In i V -> i < N.
Proof.
  revert N v V. apply (subsets_ind (fun N V => forall i, In i V -> i < N)).
  - intros N i [].
  - intros N V L i Hi. specialize (L i Hi). lia.
  - intros N V L i [<-|Hi]; [lia|]. specialize (L i Hi). lia.
Qed.

Lemma subsets_size N : forall v V, In V (subsets N v) -> length V = v.
Proof.
  induction N; intros [|v] V; rewrite ?subsets_0.
  - intros [<-|[]]. reflexivity.
  - intros [].
  - intros [<-|[]]. reflexivity.
  - rewrite subsets_S, in_app_iff, in_map_iff. intros [H|(W & <- & H)]; [apply (IHN _ _ H)|].
    simpl. f_equal. apply (IHN _ _ H).
Qed.

Lemma hits_cons wrong i V : hits wrong (i :: V) = (if wrong i then 1 else 0) + hits wrong V.
Proof. unfold hits. simpl. destruct (wrong i); reflexivity. Qed.

Lemma all_hits_S N wrong : all_hits (S N) wrong = all_hits N wrong + if wrong N then 1 else 0.
Proof.
  unfold all_hits, hits. rewrite seq_S, filter_app, app_length. simpl.
  destruct (wrong N); reflexivity.
Qed.

Lemma all_hits_le N wrong : all_hits N wrong <= N.
Proof. induction N; [reflexivity|]. rewrite all_hits_S. destruct (wrong N); lia. Qed.

Lemma hits_le_length wrong V : hits wrong V <= length V.
Proof. induction V; simpl; [reflexivity|]. rewrite hits_cons. destruct (wrong a); lia. Qed.

(* Seen mistakes are mistakes, and correct answers seen are correct answers. *)
Lemma hits_bounds wrong N v V : In V (subsets N v) ->
  hits wrong V <= all_hits N wrong /\ all_hits N wrong + length V <= N + hits wrong V.
Proof.
  revert N v V. apply (subsets_ind (fun N V =>
    hits wrong V <= all_hits N wrong /\ all_hits N wrong + length V <= N + hits wrong V)).
  - intros N. assert (L := all_hits_le N wrong). unfold hits. simpl. lia.
  - intros N V L. rewrite all_hits_S. destruct (wrong N); lia.
  - intros N V L. rewrite all_hits_S, hits_cons. simpl. destruct (wrong N); lia.
Qed.

(* ---------------------------------------------------------------------- hypergeometric law *)

Definition seen (N v : nat) (wrong : nat -> bool) (j : nat) : nat :=
  length (filter (fun V => hits wrong V =? j) (subsets N v)).

Lemma seen_S N v wrong j : seen (S N) (S v) wrong j
  = seen N (S v) wrong j
    + (if wrong N then match j with 0 => 0 | S i => seen N v wrong i end else seen N v wrong j).
Proof.
  unfold seen at 1. rewrite subsets_S, filter_app, app_length, filter_map_length. f_equal.
  destruct (wrong N) eqn:E; [destruct j|].
  - apply filter_none. intros V _. rewrite hits_cons, E. reflexivity.
  - apply filter_same. intros V _. rewrite hits_cons, E. reflexivity.
  - apply filter_same. intros V _. rewrite hits_cons, E. reflexivity.
Qed.

Lemma seen_too_many N v wrong j : v < j -> seen N v wrong j = 0.
Proof.
  intros L. apply filter_none. intros V H. apply Nat.eqb_neq.
  assert (B := hits_le_length wrong V). rewrite (subsets_size N v V H) in B. lia.
Qed.

Lemma choose_S n k : choose (S n) (S k) = choose n (S k) + choose n k.
Proof. reflexivity. Qed.

Lemma choose_0 n : choose n 0 = 1.
Proof. destruct n; reflexivity. Qed.

Lemma seen_exactly wrong N : forall j u,
  seen N (j + u) wrong j = choose (all_hits N wrong) j * choose (N - all_hits N wrong) u.
Proof.
  induction N; intros j u.
  - destruct j, u; reflexivity.
  - destruct (j + u) as [|v] eqn:E.
    + assert (j = 0) as -> by lia. assert (u = 0) as -> by lia.
      rewrite !choose_0. unfold seen. simpl. reflexivity.
    + rewrite seen_S, <- E, IHN, all_hits_S. assert (M := all_hits_le N wrong).
      destruct (wrong N).
      * replace (S N - (all_hits N wrong + 1)) with (N - all_hits N wrong) by lia.
        rewrite Nat.add_1_r. destruct j as [|i]; [rewrite !choose_0; lia|].
        replace v with (i + u) by lia. rewrite IHN, choose_S. lia.
      * rewrite Nat.add_0_r. replace (S N - all_hits N wrong) with (S (N - all_hits N wrong)) by lia.
        destruct u as [|u].
        -- rewrite seen_too_many by lia. rewrite !choose_0. lia.
        -- replace v with (j + u) by lia. rewrite IHN, choose_S. lia.
Qed.

Lemma seen_at_most N v wrong k : k <= v ->
  length (filter (fun V => hits wrong V <=? k) (subsets N v)) = ways N (all_hits N wrong) v k.
Proof.
  induction k; intros L; simpl ways; rewrite <- seen_exactly.
  - simpl. rewrite Nat.sub_0_r, Nat.add_0_r. apply filter_same. intros V _.
    destruct (hits wrong V); reflexivity.
  - replace (S k + (v - S k)) with v by lia. rewrite <- IHk by lia. unfold seen.
    clear. induction (subsets N v) as [|V l E]; [reflexivity|]. simpl.
    destruct (Nat.leb_spec (hits wrong V) (S k)), (Nat.leb_spec (hits wrong V) k),
      (Nat.eqb_spec (hits wrong V) (S k)); simpl; lia.
Qed.

(* The labelling that has its M mistakes first. *)
Lemma all_hits_first N M : M <= N -> all_hits N (fun i => i <? M) = M.
Proof.
  induction N; intros L; [assert (M = 0) as -> by lia; reflexivity|].
  rewrite all_hits_S. destruct (Nat.ltb_spec N M).
  - assert (M = S N) as -> by lia.
    assert (E : forall K, K <= S N -> all_hits K (fun i => i <? S N) = K).
    { induction K; intros LK; [reflexivity|]. rewrite all_hits_S, IHK by lia.
      destruct (Nat.ltb_spec K (S N)); lia. }
    rewrite E by lia. lia.
  - rewrite IHN by lia. lia.
Qed.

Open Scope R_scope.

Lemma S4_law : S4_law_statement.
Proof.
  intros N v k wrong K _. unfold chance, hypergeometric.
  rewrite seen_at_most, subsets_length by exact K. reflexivity.
Qed.

Lemma first_law N M v k : (M <= N)%nat -> (k <= v)%nat -> (v <= N)%nat ->
  chance N v (fun V => hits (fun i => i <? M) V <=? k)%nat = hypergeometric N M v k.
Proof. intros HM K L. rewrite S4_law, all_hits_first by assumption. reflexivity. Qed.

Lemma chance_monotone N v (f g : list nat -> bool) : (v <= N)%nat ->
  (forall V, In V (subsets N v) -> f V = true -> g V = true) -> chance N v f <= chance N v g.
Proof.
  intros L H. apply div_le_compat; [apply le_INR, filter_monotone, H|].
  rewrite subsets_length. apply lt_0_INR, choose_positive, L.
Qed.

Lemma chance_complement N v f : (v <= N)%nat ->
  chance N v f = 1 - chance N v (fun V => negb (f V)).
Proof.
  intros L. assert (P : 0 < INR (length (subsets N v)))
    by (rewrite subsets_length; apply lt_0_INR, choose_positive, L).
  assert (E := filter_complement f (subsets N v)). apply (f_equal INR) in E.
  rewrite plus_INR in E. unfold chance, Rdiv. apply (Rmult_eq_reg_r (INR (length (subsets N v))));
    [|lra].
  rewrite Rmult_minus_distr_r, !Rmult_assoc, Rinv_l by lra. lra.
Qed.

Lemma S4_monotone : S4_monotone_statement.
Proof.
  intros N M v k HM K L.
  rewrite <- !first_law by lia. apply chance_monotone; [exact L|].
  intros V _ H. apply Nat.leb_le in H. apply Nat.leb_le. apply Nat.le_trans with (2 := H).
  apply filter_monotone. intros i _ B. apply Nat.ltb_lt in B. apply Nat.ltb_lt. lia.
Qed.

(* ------------------------------------------------------------------------- the upper limit *)

(* With no more mistakes than were seen, no more can be seen. *)
Lemma hypergeometric_sure N k v : (k <= v)%nat -> (v <= N)%nat -> hypergeometric N k v k = 1.
Proof.
  intros K L. rewrite <- first_law by lia.
  unfold chance. rewrite filter_all.
  - unfold Rdiv. apply Rinv_r. rewrite subsets_length. apply not_0_INR.
    assert (P := choose_positive N v L). lia.
  - intros V H. apply Nat.leb_le.
    destruct (hits_bounds (fun i => i <? k)%nat N v V H) as [B _].
    rewrite all_hits_first in B by lia. exact B.
Qed.

Lemma S4_limit : S4_limit_statement.
Proof.
  intros n v k delta K D.
  destruct (argmin_exists (S n) (fun m => delta < hypergeometric (n + v) (k + m) v k)
              (fun m => - INR m)) as (m & Hm & P & Best).
  - intros m. apply Rlt_dec.
  - exists 0%nat. rewrite Nat.add_0_r, hypergeometric_sure by lia. split; [lia|exact D].
  - exists m. split.
    + split; [lia|]. split; [exact P|]. intros M Low High.
      replace M with (k + (M - k))%nat by lia. apply Rnot_lt_le. intros Q.
      assert (B := Best (M - k)%nat ltac:(lia) Q). apply Ropp_le_cancel, INR_le in B. lia.
    + intros m' (H1 & H2 & H3). destruct (Nat.lt_trichotomy m' m) as [C|[C|C]]; [|exact C|].
      * assert (Z := H3 (k + m)%nat ltac:(lia) ltac:(lia)). lra.
      * assert (B := Best m' ltac:(lia) H2). apply Ropp_le_cancel, INR_le in B. lia.
Qed.

Lemma unlikely_failures n v delta limit wrong V :
  (forall k, (k <= v)%nat -> upper_limit n v k delta (limit k)) -> In V (subsets (n + v) v) ->
  (all_hits (n + v) wrong <=? hits wrong V + limit (hits wrong V))%nat = false ->
  (hits wrong V <= v)%nat
  /\ hypergeometric (n + v) (all_hits (n + v) wrong) v (hits wrong V) <= delta.
Proof.
  intros U H F. apply Nat.leb_gt in F. assert (B := hits_le_length wrong V).
  destruct (hits_bounds wrong _ _ _ H) as [_ C]. rewrite (subsets_size _ _ _ H) in B, C.
  split; [exact B|]. destruct (U _ B) as (_ & _ & Z). apply Z; lia.
Qed.

Lemma S4_coverage : S4_coverage_statement.
Proof.
  intros n v delta limit wrong D U. rewrite chance_complement by lia.
  set (bad := fun V => negb _). set (H := hypergeometric (n + v) (all_hits (n + v) wrong) v).
  assert (Bad : forall V, In V (subsets (n + v) v) -> bad V = true ->
                (hits wrong V < S v)%nat /\ H (hits wrong V) <= delta).
  { intros V HV BV. apply negb_true_iff in BV.
    destruct (unlikely_failures n v delta limit wrong V U HV BV) as [L Q].
    split; [lia|exact Q]. }
  assert (chance (n + v) v bad <= delta); [|lra].
  destruct (filter bad (subsets (n + v) v)) as [|V0 rest] eqn:E.
  - unfold chance. rewrite E. simpl. unfold Rdiv. rewrite Rmult_0_l. exact D.
  - assert (H0 : In V0 (filter bad (subsets (n + v) v))) by (rewrite E; left; reflexivity).
    apply filter_In in H0. destruct H0 as [I0 B0].
    destruct (argmin_exists (S v) (fun k => H k <= delta) (fun k => - INR k))
      as (k & Hk & Q & Best).
    + intros k. apply Rle_dec.
    + exists (hits wrong V0). apply Bad; assumption.
    + apply Rle_trans with (2 := Q). unfold H. rewrite <- S4_law by lia.
      apply chance_monotone; [lia|]. intros V HV BV. destruct (Bad V HV BV) as [L P].
      apply Nat.leb_le, INR_le, Ropp_le_cancel, (Best _ L P).
Qed.

(* ----------------------------------------------------------------------- the guarantee *)

Lemma drawn_before V i : In i V -> existsb (Nat.eqb i) V = true.
Proof. intros H. apply existsb_exists. exists i. split; [exact H|apply Nat.eqb_refl]. Qed.

Lemma not_drawn V i : ~ In i V -> existsb (Nat.eqb i) V = false.
Proof.
  intros H. apply not_true_is_false. intros E. apply existsb_exists in E.
  destruct E as (j & J & E). apply Nat.eqb_eq in E. subst. contradiction.
Qed.

Lemma elsewhere_sum wrong N v V : In V (subsets N v) ->
  sum N (elsewhere wrong V) + INR (hits wrong V) = INR (all_hits N wrong).
Proof.
  intros H. apply (subsets_ind (fun N V => (forall i, In i V -> (i < N)%nat) /\
    sum N (elsewhere wrong V) + INR (hits wrong V) = INR (all_hits N wrong))) with v;
    [| | |exact H]; clear N V v H.
  - intros N. split; [intros i []|]. unfold hits at 1. simpl. rewrite Rplus_0_r.
    induction N; [reflexivity|]. rewrite all_hits_S, plus_INR. simpl. rewrite IHN.
    unfold elsewhere. simpl. destruct (wrong N); reflexivity.
  - intros N V [L E]. split; [intros i Hi; specialize (L i Hi); lia|].
    rewrite all_hits_S, plus_INR, <- E. simpl. unfold elsewhere at 2.
    rewrite not_drawn by (intros Hi; specialize (L N Hi); lia).
    destruct (wrong N); simpl; lra.
  - intros N V [L E]. split; [intros i [<-|Hi]; [lia|specialize (L i Hi); lia]|].
    rewrite all_hits_S, hits_cons, !plus_INR, <- E. simpl. unfold elsewhere at 2. simpl.
    rewrite Nat.eqb_refl, andb_false_r.
    rewrite (sum_ext N _ (elsewhere wrong V)); [destruct (wrong N); simpl; lra|].
    intros i Hi. unfold elsewhere. simpl. destruct (Nat.eqb_spec i N); [lia|reflexivity].
Qed.

Lemma S4_guarantee : S4_guarantee_statement.
Proof.
  intros n v delta limit wrong g s q sure D U Sure.
  apply Rle_trans with (1 := S4_coverage n v delta limit wrong D U).
  apply chance_monotone; [lia|]. intros V HV A. apply Nat.leb_le, le_INR in A.
  rewrite plus_INR in A. assert (E := elsewhere_sum wrong _ _ V HV).
  assert (L : sure V <= payoff (n + v) g s (q V) (elsewhere wrong V)).
  { apply Sure; [exact HV| |].
    - split; [|lra]. intros i _. unfold elsewhere.
      destruct (wrong i && negb (existsb (Nat.eqb i) V))%bool; lra.
    - intros i Hi. unfold elsewhere. rewrite drawn_before by exact Hi.
      rewrite andb_false_r. reflexivity. }
  destruct (Rle_dec _ _); [reflexivity|contradiction].
Qed.
