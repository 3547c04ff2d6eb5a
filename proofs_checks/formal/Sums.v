(* Finite sums, choices among finitely many points, and the intermediate value theorem for
   Lipschitz functions. *)
Require Import Reals Lra Lia List Permutation.
From Radsim Require Import Statements.
Open Scope R_scope.

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof.
  induction n; simpl; intros E; [reflexivity|].
  rewrite IHn, E; auto with arith.
Qed.

Lemma sum_plus n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n; simpl; [lra|rewrite IHn; lra]. Qed.

Lemma sum_minus n f g : sum n (fun i => f i - g i) = sum n f - sum n g.
Proof. induction n; simpl; [lra|rewrite IHn; lra]. Qed.

Lemma sum_scal n c f : sum n (fun i => c * f i) = c * sum n f.
Proof. induction n; simpl; [lra|rewrite IHn; lra]. Qed.

Lemma sum_const n c : sum n (fun _ => c) = INR n * c.
Proof. induction n; [simpl; lra|]. rewrite S_INR. simpl. rewrite IHn. lra. Qed.

Lemma sum_zero n f : (forall i, (i < n)%nat -> f i = 0) -> sum n f = 0.
Proof. intros E. rewrite (sum_ext n f (fun _ => 0) E), sum_const. lra. Qed.

Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof.
  induction n; simpl; intros E; [lra|].
  assert (sum n f <= sum n g) by (apply IHn; auto with arith).
  assert (f n <= g n) by auto with arith. lra.
Qed.

Lemma sum_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
Proof. intros E. rewrite <- (sum_zero n (fun _ => 0)); auto. apply sum_le; auto. Qed.

Lemma sum_lt n f g i :
  (forall k, (k < n)%nat -> f k <= g k) -> (i < n)%nat -> f i < g i -> sum n f < sum n g.
Proof.
  induction n; simpl; intros E Hi L; [lia|].
  assert (f n <= g n) by auto with arith.
  destruct (Nat.eq_dec i n) as [->|N].
  - assert (sum n f <= sum n g) by (apply sum_le; auto with arith). lra.
  - assert (sum n f < sum n g) by (apply IHn; auto with arith; lia). lra.
Qed.

Lemma term_le_sum n f i : (forall k, (k < n)%nat -> 0 <= f k) -> (i < n)%nat -> f i <= sum n f.
Proof.
  induction n; simpl; intros E Hi; [lia|].
  assert (0 <= f n) by auto with arith.
  destruct (Nat.eq_dec i n) as [->|N].
  - assert (0 <= sum n f) by (apply sum_nonneg; auto with arith). lra.
  - assert (f i <= sum n f) by (apply IHn; auto with arith; lia). lra.
Qed.

Lemma sum_pos n f i :
  (forall k, (k < n)%nat -> 0 <= f k) -> (i < n)%nat -> 0 < f i -> 0 < sum n f.
Proof. intros E Hi P. assert (f i <= sum n f) by (apply term_le_sum; auto). lra. Qed.

Lemma positive_term_of_sum n f : 0 < sum n f -> exists i, (i < n)%nat /\ 0 < f i.
Proof.
  induction n; simpl; intros P; [lra|].
  destruct (Rlt_dec 0 (f n)) as [Q|Q]; [exists n; auto with arith|].
  destruct IHn as (i & Hi & Pi); [lra|]. exists i. auto with arith.
Qed.

Definition unit_vector (i k : nat) : R := if Nat.eq_dec k i then 1 else 0.

Lemma sum_unit_vector_times n i f : (i < n)%nat -> sum n (fun k => unit_vector i k * f k) = f i.
Proof.
  induction n; simpl; intros Hi; [lia|]. unfold unit_vector at 2.
  destruct (Nat.eq_dec n i) as [->|N].
  - rewrite sum_zero; [lra|]. intros k Hk. unfold unit_vector.
    destruct (Nat.eq_dec k i); [lia|lra].
  - rewrite IHn; [lra|lia].
Qed.

Lemma sum_unit_vector n i : (i < n)%nat -> sum n (unit_vector i) = 1.
Proof.
  intros Hi. rewrite <- (sum_unit_vector_times n i (fun _ => 1) Hi). apply sum_ext. intros. lra.
Qed.

Lemma sum_split n k f : (k <= n)%nat ->
  sum n f = sum k f + sum (n - k) (fun i => f (k + i)%nat).
Proof.
  induction n; intros Hk.
  - replace k with O by lia. simpl. lra.
  - destruct (Nat.eq_dec k (S n)) as [->|N].
    + rewrite Nat.sub_diag. simpl. lra.
    + replace (S n - k)%nat with (S (n - k)) by lia. simpl. rewrite IHn by lia.
      replace (k + (n - k))%nat with n by lia. lra.
Qed.

(* A sum whose terms vanish from k on is its first k terms. *)
Lemma sum_prefix n k f : (k <= n)%nat -> (forall i, (k <= i < n)%nat -> f i = 0) ->
  sum n f = sum k f.
Proof.
  intros Hk Z. rewrite (sum_split n k) by exact Hk.
  rewrite (sum_zero (n - k)); [lra|]. intros. apply Z. lia.
Qed.

(* ------------------------------------------------------------------------- finite choices *)

Lemma argmin_exists n (P : nat -> Prop) (f : nat -> R) :
  (forall i, {P i} + {~ P i}) -> (exists i, (i < n)%nat /\ P i) ->
  exists i, (i < n)%nat /\ P i /\ forall k, (k < n)%nat -> P k -> f i <= f k.
Proof.
  intros dec. induction n; intros (i & Hi & Pi); [lia|].
  assert (D : (exists i, (i < n)%nat /\ P i) \/ forall i, (i < n)%nat -> ~ P i).
  { clear -dec. induction n.
    - right. intros. lia.
    - destruct IHn as [(i & Hi & Pi)|N]; [left; exists i; auto with arith|].
      destruct (dec n) as [Pn|Nn]; [left; exists n; auto with arith|].
      right. intros i Hi. destruct (Nat.eq_dec i n) as [->|]; [exact Nn|apply N; lia]. }
  destruct D as [D|D].
  - destruct (IHn D) as (j & Hj & Pj & M).
    destruct (dec n) as [Pn|Nn].
    + destruct (Rle_dec (f j) (f n)) as [L|L].
      * exists j. repeat split; auto with arith. intros k Hk Pk.
        destruct (Nat.eq_dec k n) as [->|]; [exact L|apply M; auto; lia].
      * exists n. repeat split; auto with arith. intros k Hk Pk.
        destruct (Nat.eq_dec k n) as [->|]; [lra|].
        assert (f j <= f k) by (apply M; auto; lia). lra.
    + exists j. repeat split; auto with arith. intros k Hk Pk.
      destruct (Nat.eq_dec k n) as [->|]; [contradiction|apply M; auto; lia].
  - assert (i = n) as ->.
    { destruct (Nat.eq_dec i n); auto. exfalso. apply (D i); auto; lia. }
    exists n. repeat split; auto with arith. intros k Hk Pk.
    destruct (Nat.eq_dec k n) as [->|]; [lra|]. exfalso. apply (D k); auto; lia.
Qed.

Lemma greatest_exists n f : (0 < n)%nat -> exists x, greatest n f x.
Proof.
  intros Hn.
  destruct (argmin_exists n (fun _ => True) (fun i => - f i)) as (i & Hi & _ & M).
  - intros. left. exact I.
  - exists O. auto.
  - exists (f i). split; [|exists i; auto]. intros k Hk.
    assert (- f i <= - f k) by (apply M; auto). lra.
Qed.

(* Sums over subsets of finitely many numbers keep their distance from m. *)
Lemma subset_sum_gap_above n (a : nat -> R) : forall m, exists eps, 0 < eps /\
  forall mask : nat -> bool,
    let x := sum n (fun i => if mask i then a i else 0) in m < x -> m + eps <= x.
Proof.
  induction n; intros m; simpl.
  - destruct (Rlt_dec m 0).
    + exists (- m). split; [lra|]. intros; lra.
    + exists 1. split; [lra|]. intros; lra.
  - destruct (IHn m) as (e1 & P1 & G1). destruct (IHn (m - a n)) as (e2 & P2 & G2).
    exists (Rmin e1 e2). assert (M1 := Rmin_l e1 e2). assert (M2 := Rmin_r e1 e2).
    split; [apply Rmin_glb_lt; auto|]. intros mask L. destruct (mask n).
    + assert (m - a n + e2 <= sum n (fun i => if mask i then a i else 0)) by (apply G2; lra). lra.
    + assert (m + e1 <= sum n (fun i => if mask i then a i else 0)) by (apply G1; lra). lra.
Qed.

Lemma subset_sum_gap_below n (a : nat -> R) m : exists eps, 0 < eps /\
  forall mask : nat -> bool,
    let x := sum n (fun i => if mask i then a i else 0) in x < m -> x <= m - eps.
Proof.
  destruct (subset_sum_gap_above n (fun i => - a i) (- m)) as (e & P & G).
  exists e. split; [exact P|]. intros mask x L.
  assert (E : sum n (fun i => if mask i then - a i else 0) = - x).
  { unfold x. clear. induction n; simpl; [lra|]. rewrite IHn. destruct (mask n); lra. }
  specialize (G mask). simpl in G. rewrite E in G. lra.
Qed.

Lemma point_gap n (a : nat -> R) x : exists eps, 0 < eps /\
  forall i, (i < n)%nat -> (x < a i -> x + eps <= a i) /\ (a i < x -> a i <= x - eps).
Proof.
  induction n.
  - exists 1. split; [lra|]. intros; lia.
  - destruct IHn as (e & P & G).
    set (d := if Req_EM_T (a n) x then 1 else Rabs (a n - x)).
    assert (D : 0 < d).
    { unfold d. destruct (Req_EM_T (a n) x); [lra|]. apply Rabs_pos_lt. lra. }
    exists (Rmin e d). assert (M1 := Rmin_l e d). assert (M2 := Rmin_r e d).
    split; [apply Rmin_glb_lt; auto|]. intros i Hi.
    destruct (Nat.eq_dec i n) as [->|N].
    + unfold d in *. destruct (Req_EM_T (a n) x); [lra|].
      unfold Rabs in *. destruct (Rcase_abs (a n - x)); lra.
    + destruct (G i) as [G1 G2]; [lia|].
      split; intros; [assert (H1 := G1 H)|assert (H2 := G2 H)]; lra.
Qed.

(* ---------------------------------------------------------------------------- continuity *)

Lemma lipschitz_continuous f K :
  (forall x y, Rabs (f x - f y) <= K * Rabs (x - y)) -> continuity f.
Proof.
  intros L x. unfold continuity_pt, continue_in, limit1_in, limit_in. simpl. unfold R_dist.
  intros eps He. assert (KP : 0 < Rabs K + 1) by (assert (H := Rabs_pos K); lra).
  exists (eps / (Rabs K + 1)). split; [apply Rdiv_lt_0_compat; lra|].
  intros y [_ Hy]. apply Rle_lt_trans with (K * Rabs (y - x)); [apply L|].
  assert (K <= Rabs K) by apply RRle_abs. assert (0 <= Rabs (y - x)) by apply Rabs_pos.
  apply Rle_lt_trans with ((Rabs K + 1) * Rabs (y - x)); [nra|].
  apply (Rmult_lt_compat_l (Rabs K + 1)) in Hy; [|exact KP].
  replace ((Rabs K + 1) * (eps / (Rabs K + 1))) with eps in Hy by (field; lra). exact Hy.
Qed.

Lemma sum_lipschitz n (f : nat -> R -> R) (K : nat -> R) :
  (forall i x y, (i < n)%nat -> Rabs (f i x - f i y) <= K i * Rabs (x - y)) ->
  forall x y, Rabs (sum n (fun i => f i x) - sum n (fun i => f i y)) <= sum n K * Rabs (x - y).
Proof.
  induction n; intros L x y; simpl.
  - rewrite Rminus_diag_eq by reflexivity. rewrite Rabs_R0. lra.
  - replace (sum n (fun i => f i x) + f n x - (sum n (fun i => f i y) + f n y))
      with ((sum n (fun i => f i x) - sum n (fun i => f i y)) + (f n x - f n y)) by lra.
    eapply Rle_trans; [apply Rabs_triang|].
    assert (A := IHn (fun i x y Hi => L i x y (Nat.lt_lt_succ_r _ _ Hi)) x y).
    assert (B := L n x y (Nat.lt_succ_diag_r n)). lra.
Qed.

Lemma intermediate_value f a b c : continuity f -> a <= b -> f a <= c <= f b ->
  exists x, a <= x <= b /\ f x = c.
Proof.
  intros C Hab [L1 L2].
  destruct (Req_dec (f a) c) as [E|N1]; [exists a; lra|].
  destruct (Req_dec (f b) c) as [E|N2]; [exists b; lra|].
  assert (a < b) by (destruct (Req_dec a b) as [->|]; lra).
  destruct (IVT (fun x => f x - c) a b) as (x & Hx & E); try lra.
  - apply continuity_minus; [exact C|]. apply continuity_const. intros ? ?. reflexivity.
  - exists x. lra.
Qed.

(* ----------------------------------------------------------------------------- positive part *)

Lemma pos_nonneg x : 0 <= pos x. Proof. apply Rmax_l. Qed.
Lemma le_pos x : x <= pos x. Proof. apply Rmax_r. Qed.
Lemma pos_cases x : (0 <= x /\ pos x = x) \/ (x <= 0 /\ pos x = 0).
Proof. unfold pos, Rmax. destruct (Rle_dec 0 x); [left|right]; lra. Qed.
Lemma pos_of_nonneg x : 0 <= x -> pos x = x.
Proof. intros. destruct (pos_cases x); lra. Qed.
Lemma pos_of_nonpos x : x <= 0 -> pos x = 0.
Proof. intros. destruct (pos_cases x); lra. Qed.
Lemma pos_monotone x y : x <= y -> pos x <= pos y.
Proof. intros. destruct (pos_cases x), (pos_cases y); lra. Qed.
Lemma pos_lipschitz x y : Rabs (pos x - pos y) <= Rabs (x - y).
Proof.
  destruct (pos_cases x), (pos_cases y); unfold Rabs;
  destruct (Rcase_abs (pos x - pos y)), (Rcase_abs (x - y)); lra.
Qed.

Lemma div_nonneg a s : 0 <= a -> 0 < s -> 0 <= a / s.
Proof. intros. apply Rmult_le_pos; [lra|]. apply Rlt_le, Rinv_0_lt_compat. lra. Qed.

Lemma div_le_compat a c s : a <= c -> 0 < s -> a / s <= c / s.
Proof. intros. apply Rmult_le_compat_r; [|lra]. apply Rlt_le, Rinv_0_lt_compat. lra. Qed.

Lemma div_lt_compat a c s : a < c -> 0 < s -> a / s < c / s.
Proof. intros. apply Rmult_lt_compat_r; [|lra]. apply Rinv_0_lt_compat. lra. Qed.

Lemma div_le_iff_le_mult a s c : 0 < s -> (a / s <= c <-> a <= c * s).
Proof.
  intros P. split; intros L.
  - replace a with (a / s * s) by (field; lra). apply Rmult_le_compat_r; lra.
  - replace c with (c * s / s) by (field; lra). apply div_le_compat; lra.
Qed.

(* -------------------------------------------------------------------------- permutations *)

Lemma sum_as_fold n f : sum n f = fold_right Rplus 0 (map f (seq 0 n)).
Proof.
  assert (A : forall l x, fold_right Rplus x l = fold_right Rplus 0 l + x).
  { induction l; intros; simpl; [lra|]. rewrite IHl. lra. }
  induction n; [reflexivity|].
  rewrite seq_S, map_app, fold_right_app. simpl. rewrite A, IHn. lra.
Qed.

Lemma sum_permutation n (sigma : nat -> nat) f :
  (forall i, (i < n)%nat -> (sigma i < n)%nat) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> sigma i = sigma j -> i = j) ->
  sum n (fun i => f (sigma i)) = sum n f.
Proof.
  intros B Inj. rewrite !sum_as_fold. rewrite <- (map_map sigma f).
  assert (P : Permutation (map sigma (seq 0 n)) (seq 0 n)).
  { apply NoDup_Permutation_bis.
    - assert (N : NoDup (seq 0 n)) by apply seq_NoDup.
      assert (Below : forall i, In i (seq 0 n) -> (i < n)%nat)
        by (intros i Hi; apply in_seq in Hi; lia).
      revert N Below. generalize (seq 0 n). induction l; intros N Below; simpl; constructor.
      + inversion N; subst. intros H. apply in_map_iff in H. destruct H as (k & E & K).
        apply Inj in E; [subst; contradiction| |]; apply Below; simpl; auto.
      + inversion N; subst. apply IHl; auto. intros. apply Below. simpl. auto.
    - rewrite map_length. lia.
    - intros k H. apply in_map_iff in H. destruct H as (i & <- & K).
      apply in_seq in K. apply in_seq. specialize (B i). lia. }
  apply (Permutation_map f) in P. revert P. generalize (map f (map sigma (seq 0 n))).
  generalize (map f (seq 0 n)). intros l l' P. induction P; simpl; lra.
Qed.
