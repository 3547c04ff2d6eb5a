(* The formulas of sorted gains for gains in any order. *)
Require Import Reals Lra Lia.
From Radsim Require Import Statements MoreStatements Sums Levels Prefixes Shape Answers Regret.
Open Scope R_scope.

Definition swapped (a b i : nat) : nat :=
  if Nat.eq_dec i a then b else if Nat.eq_dec i b then a else i.

Lemma swapped_twice a b i : swapped a b (swapped a b i) = i.
Proof.
  unfold swapped. destruct (Nat.eq_dec i a), (Nat.eq_dec i b);
  repeat match goal with |- context [Nat.eq_dec ?x ?y] => destruct (Nat.eq_dec x y) end; lia.
Qed.

Lemma swapped_below n a b i : (a < n)%nat -> (b < n)%nat -> (i < n)%nat -> (swapped a b i < n)%nat.
Proof.
  intros. unfold swapped. destruct (Nat.eq_dec i a), (Nat.eq_dec i b); lia.
Qed.

(* The smallest goes last, the others are sorted. *)
Lemma sorting : sorting_statement.
Proof.
  intros n. induction n; intros f.
  { exists (fun i => i), (fun i => i). split; [intros i Hi; lia|intros i j _ Hj; lia]. }
  destruct (argmin_exists (S n) (fun _ => True) f) as (a & Ha & _ & Least).
  { intros. left. exact I. }
  { exists O. split; [lia|exact I]. }
  set (w := swapped a n). destruct (IHn (reordered w f)) as (sg & tu & P & D).
  assert (Wn : w n = a).
  { unfold w, swapped. destruct (Nat.eq_dec n a), (Nat.eq_dec n n); lia. }
  assert (Wb : forall i, (i < S n)%nat -> (w i < S n)%nat) by (intros; apply swapped_below; lia).
  assert (Ww : forall i, w (w i) = i) by (intros; apply swapped_twice).
  exists (fun i => w (if lt_dec i n then sg i else n)),
    (fun i => if lt_dec (w i) n then tu (w i) else n). split.
  - intros i Hi. assert (Bi := Wb i Hi). split; [|split; [|split]].
    + apply Wb. destruct (lt_dec i n) as [L|L]; [destruct (P i L); lia|lia].
    + destruct (lt_dec (w i) n) as [L|L]; [destruct (P (w i) L); lia|lia].
    + destruct (lt_dec (w i) n) as [L|L].
      * destruct (P (w i) L) as (_ & B & E & _). destruct (lt_dec (tu (w i)) n); [|lia].
        rewrite E. apply Ww.
      * destruct (lt_dec n n); [lia|]. replace n with (w i) by lia. apply Ww.
    + rewrite Ww. destruct (lt_dec i n) as [L|L].
      * destruct (P i L) as (B & _ & _ & E). destruct (lt_dec (sg i) n); [exact E|lia].
      * destruct (lt_dec n n); lia.
  - intros i j Hij Hj. unfold reordered. destruct (lt_dec j n) as [L|L].
    + destruct (lt_dec i n); [|lia]. apply D; auto.
    + rewrite Wn. apply Least; [|exact I]. apply Wb.
      destruct (lt_dec i n) as [Li|]; [destruct (P i Li); lia|lia].
Qed.

Section Reordered.
Variables (n : nat) (sigma tau : nat -> nat).
Hypothesis orders : permutation n sigma tau.

Lemma reordered_sum f : sum n (reordered sigma f) = sum n f.
Proof. apply (permutation_sum n sigma tau f orders). Qed.

Lemma reordered_pool g h : pool n g h -> pool n (reordered sigma g) (reordered sigma h).
Proof. intros P i Hi. apply P, orders. exact Hi. Qed.

Lemma reordered_level g s m lam : level n g s m lam ->
  level n (reordered sigma g) (reordered sigma s) m lam.
Proof.
  intros (E & i & Hi & L). split.
  - rewrite <- E. exact (reordered_sum (shaved g s lam)).
  - exists (tau i). destruct (orders i Hi) as (_ & B & A & _). split; auto.
    unfold reordered. rewrite A. exact L.
Qed.

Lemma reordered_excess g h V t :
  excess n (reordered sigma g) (reordered sigma h) V t = excess n g h V t.
Proof.
  unfold excess. f_equal. exact (reordered_sum (fun i => pos (g i - t) * (h i + V) / stake g h i)).
Qed.

Lemma reordered_back f i : (i < n)%nat -> reordered sigma (reordered tau f) i = f i.
Proof. intros Hi. unfold reordered. destruct (orders i Hi) as (_ & _ & _ & ->). reflexivity. Qed.

Lemma reordered_payoff g s q l :
  payoff n (reordered sigma g) (reordered sigma s) (reordered sigma q) (reordered sigma l)
  = payoff n g s q l.
Proof. exact (reordered_sum (fun i => q i * (g i - s i * l i))). Qed.

Lemma reordered_payoff_design g s q l :
  payoff n (reordered sigma g) (reordered sigma s) q (reordered sigma l)
  = payoff n g s (reordered tau q) l.
Proof.
  rewrite <- (reordered_payoff g s (reordered tau q) l). apply sum_ext. intros i Hi.
  rewrite reordered_back by exact Hi.
  reflexivity.
Qed.

Lemma reordered_payoff_mistakes g s q l :
  payoff n (reordered sigma g) (reordered sigma s) (reordered sigma q) l
  = payoff n g s q (reordered tau l).
Proof.
  rewrite <- (reordered_payoff g s q (reordered tau l)). apply sum_ext. intros i Hi.
  rewrite reordered_back by exact Hi.
  reflexivity.
Qed.

Lemma reordered_greatest f x : greatest n f x -> greatest n (reordered sigma f) x.
Proof.
  intros (U & i & Hi & E). split; [intros j Hj; apply U, orders; exact Hj|].
  exists (tau i). destruct (orders i Hi) as (_ & B & A & _). split; auto.
  unfold reordered. rewrite A. exact E.
Qed.

Lemma reordered_greatest_back f x : greatest n (reordered sigma f) x -> greatest n f x.
Proof.
  intros (U & i & Hi & E). split; [|exists (sigma i); split; [apply orders; exact Hi|exact E]].
  intros j Hj. destruct (orders j Hj) as (_ & B & A & _). specialize (U (tau j) B).
  unfold reordered in U. rewrite A in U. exact U.
Qed.
End Reordered.

Lemma reordered_forced n sigma tau b q : permutation n sigma tau -> forced n b q ->
  forced n b (reordered sigma q).
Proof.
  intros P (A & B). split; [intros i Hi; apply A, P; exact Hi|].
  rewrite (reordered_sum n sigma tau P). exact B.
Qed.

Lemma reordered_marked n sigma tau m l : permutation n sigma tau -> marked n m l ->
  marked n m (reordered sigma l).
Proof.
  intros P (A & B). split; [intros i Hi; apply A, P; exact Hi|].
  rewrite (reordered_sum n sigma tau P). exact B.
Qed.

Lemma reordered_mistakes n sigma tau m l : permutation n sigma tau -> mistakes n m l ->
  mistakes n m (reordered sigma l).
Proof.
  intros P (A & B). split; [intros i Hi; apply A, P; exact Hi|].
  rewrite (reordered_sum n sigma tau P). exact B.
Qed.

(* What is best in hindsight after mistakes of the sorted copy. *)
Lemma reordered_hindsight n sigma tau g s l x : permutation n sigma tau ->
  hindsight n (reordered sigma g) (reordered sigma s) l x -> hindsight n g s (reordered tau l) x.
Proof.
  intros P (U & i & Hi & E). apply (reordered_greatest_back n sigma tau P (fun i => g i - s i *
    reordered tau l i)). split.
  - intros j Hj. specialize (U j Hj). unfold reordered in *.
    destruct (P j Hj) as (_ & _ & _ & ->). exact U.
  - exists i. split; auto. unfold reordered in *. destruct (P i Hi) as (_ & _ & _ & ->). exact E.
Qed.

Lemma regret_value_unsorted n m g s x sigma tau : permutation n sigma tau ->
  regret_value n m (reordered sigma g) (reordered sigma s) x -> regret_value n m g s x.
Proof.
  intros P ((p & F & A) & B). assert (P' := permutation_sym n sigma tau P). split.
  - exists (reordered tau p). split; [apply reordered_forced with sigma; auto|].
    intros l b Mk Hb. rewrite <- (reordered_payoff_design n sigma tau P).
    apply A; [apply reordered_marked with tau; auto|].
    exact (reordered_greatest n sigma tau P (fun i => g i - s i * l i) b Hb).
  - intros p' F'. destruct (B (reordered sigma p')) as (l & b & Mk & Hb & Q).
    { apply reordered_forced with tau; auto. }
    exists (reordered tau l), b. split; [apply reordered_marked with sigma; auto|].
    split; [apply (reordered_hindsight n sigma tau); auto|].
    rewrite <- (reordered_payoff_mistakes n sigma tau P). exact Q.
Qed.

Lemma ratio_value_unsorted n m g s x sigma tau : permutation n sigma tau ->
  ratio_value n m (reordered sigma g) (reordered sigma s) x -> ratio_value n m g s x.
Proof.
  intros P ((p & F & A) & B). assert (P' := permutation_sym n sigma tau P). split.
  - exists (reordered tau p). split; [apply reordered_forced with sigma; auto|].
    intros l b Mk Hb. rewrite <- (reordered_payoff_design n sigma tau P).
    apply A; [apply reordered_marked with tau; auto|].
    exact (reordered_greatest n sigma tau P (fun i => g i - s i * l i) b Hb).
  - intros p' F'. destruct (B (reordered sigma p')) as (l & b & Mk & Hb & Q).
    { apply reordered_forced with tau; auto. }
    exists (reordered tau l), b. split; [apply reordered_marked with sigma; auto|].
    split; [apply (reordered_hindsight n sigma tau); auto|].
    rewrite <- (reordered_payoff_mistakes n sigma tau P). exact Q.
Qed.

Lemma worst_unsorted n m g s q w sigma tau : permutation n sigma tau ->
  worst (mistakes n m) (payoff n (reordered sigma g) (reordered sigma s)) (reordered sigma q) w ->
  worst (mistakes n m) (payoff n g s) q w.
Proof.
  intros P (A & l & Hl & E). assert (P' := permutation_sym n sigma tau P). split.
  - intros l' Hl'. rewrite <- (reordered_payoff n sigma tau P). apply A.
    apply reordered_mistakes with tau; auto.
  - exists (reordered tau l). split; [apply reordered_mistakes with sigma; auto|].
    rewrite <- (reordered_payoff_mistakes n sigma tau P). exact E.
Qed.

Lemma V2_unsorted : V2_unsorted_statement.
Proof.
  intros n g h m lam sigma tau P Or g' s' D L.
  apply (V2_prefix n g' (reordered sigma h) m lam (reordered_pool n sigma tau Or g h P) D).
  exact (reordered_level n sigma tau Or g (stake g h) m lam L).
Qed.

Lemma V7_unsorted : V7_unsorted_statement.
Proof.
  split.
  - intros n g s q k theta sigma tau Hk T Or N bite D.
    apply (worst_unsorted n _ g s q _ sigma tau Or).
    rewrite <- (reordered_sum n sigma tau Or (fun i => q i * g i)).
    apply (V7_top n (reordered sigma g) (reordered sigma s) (reordered sigma q) k theta Hk T).
    + intros i Hi. apply (N (sigma i)), Or. exact Hi.
    + exact D.
  - intros n g h k sigma tau Hk P Or s' D. apply (worst_unsorted n _ g _ _ _ sigma tau Or).
    rewrite <- (reordered_sum n sigma tau Or g).
    apply (V7_uniform n (reordered sigma g) (reordered sigma h) k Hk); auto.
    apply (reordered_pool n sigma tau Or). exact P.
Qed.

Lemma R_unsorted : R_unsorted_statement.
Proof.
  intros n g h m V t1 sigma tau P Or D L Vp T1.
  assert (P' := reordered_pool n sigma tau Or g h P).
  assert (L' := reordered_level n sigma tau Or g (stake g h) (INR m) V L).
  assert (T1' := reordered_level n sigma tau Or g (stake g h) 1 t1 T1).
  destruct (R_pivot n _ _ m V P' D L' Vp) as (j & J & Jm & _ & Least).
  assert (X : ratio_value n m g (stake g h) (V / excess n g h V (g (sigma j)))).
  { apply (ratio_value_unsorted n m g (stake g h) _ sigma tau Or).
    rewrite <- (reordered_excess n sigma tau Or g h V). apply (R1 n _ _ m V j P' D L' Vp J). }
  assert (Y : regret_value n m g (stake g h) (excess n g h V (Rmax (g (sigma j)) t1) - V)).
  { apply (regret_value_unsorted n m g (stake g h) _ sigma tau Or).
    rewrite <- (reordered_excess n sigma tau Or g h V).
    apply (R2 n _ _ m V j t1 P' D L' Vp J T1'). }
  exists j. split; [exact J|]. split; [exact Jm|]. split; [|split; [exact X|split; [exact Y|]]].
  - intros t. rewrite <- !(reordered_excess n sigma tau Or g h V). apply Least.
  - intros T x y Hx Hy. rewrite (ratio_unique _ _ _ _ _ _ Hx X), (regret_unique _ _ _ _ _ _ Hy Y).
    rewrite Rmax_left by exact T. f_equal. ring.
Qed.
