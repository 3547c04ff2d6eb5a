(* Reads answers from standard input and gives each to the extracted checker, one line each:
   "DIGEST SOURCE accepted LOWER UPPER" or "DIGEST SOURCE refused", whole numbers in hexadecimal;
   the two digests are those of the answer and of what it was made from.  Not verified:
   this reader, Coq's extraction and the OCaml compiler are trusted. *)
open Checker

let fail words = prerr_endline ("answer: " ^ words); exit 2

let blank c = c = ' ' || c = '\n'
let buffer = Buffer.create 256
(* The next word; none at the end of the input. *)
let word () =
  Buffer.clear buffer;
  let rec skip () = let c = input_char stdin in if blank c then skip () else c in
  match skip () with
  | exception End_of_file -> None
  | c ->
      let rec rest c =
        if not (blank c) then begin
          Buffer.add_char buffer c;
          match input_char stdin with exception End_of_file -> () | d -> rest d
        end in
      rest c;
      Some (Buffer.contents buffer)

let need () = match word () with Some w -> w | None -> fail "ends too early"

let digit c = match c with
  | '0' .. '9' -> Char.code c - 48
  | 'a' .. 'f' -> Char.code c - 87
  | _ -> fail "no hexadecimal number"

(* A whole number: "-"? digits, most significant first. *)
let whole text =
  let start = if text.[0] = '-' then 1 else 0 in
  if String.length text = start then fail "no number";
  let found = ref None in
  for k = start to String.length text - 1 do
    let d = digit text.[k] in
    for bit = 3 downto 0 do
      let set = d land (1 lsl bit) <> 0 in
      found := (match !found with
        | None -> if set then Some XH else None
        | Some p -> Some (if set then XI p else XO p))
    done
  done;
  match !found with
  | None -> Z0
  | Some p -> if start = 1 then Zneg p else Zpos p

(* Neighbours are often the same number: then it is kept once. *)
let last = Hashtbl.create 8
let number place =
  let text = need () in
  match Hashtbl.find_opt last place with
  | Some (t, z) when t = text -> z
  | _ -> let z = whole text in Hashtbl.replace last place (text, z); z

let size () = match int_of_string_opt ("0x" ^ need ()) with
  | Some k when k >= 0 -> k | _ -> fail "no size"
let flag () = match need () with "0" -> false | "1" -> true | _ -> fail "no flag"

let many k read =
  let rec go k found = if k = 0 then List.rev found else let x = read () in go (k - 1) (x :: found) in
  go k []

let point () =
  let gain = number 0 in
  let harm = (let text = need () in
    match Hashtbl.find_opt last 0 with
    | Some (t, z) when t = text -> z | _ -> whole text) in
  let limit = number 1 in
  let asked = number 2 in
  let missed = number 3 in
  { gain; harm; limit; asked; missed }

let group () =
  let most = number 4 in
  let price = number 4 in
  let count = size () in
  { most; price; members = many count point }

let hex z =
  let rec bits p = match p with XH -> [1] | XO q -> 0 :: bits q | XI q -> 1 :: bits q in
  let rec digits l = match l with
    | [] -> [] | a :: b :: c :: d :: rest -> (a + 2 * b + 4 * c + 8 * d) :: digits rest
    | _ -> digits (l @ [0]) in
  let text p =
    String.concat "" (List.rev_map (fun d -> Printf.sprintf "%x" d) (digits (bits p))) in
  match z with Z0 -> "0" | Zpos p -> text p | Zneg p -> "-" ^ text p

let answer () =
  let digest = need () in
  let source = need () in
  let objective = need () in
  let with_cap = flag () in
  let may_abstain = flag () in
  let one = number 4 in
  let grain = number 4 in
  let budget = number 4 in
  let level = number 4 in
  let groups = many (size ()) group in
  let a = { with_cap; may_abstain; one; grain; budget; level; groups } in
  let found = match objective with
    | "value" -> verdict a
    | "regret" -> regret_verdict a
    | _ -> fail "no objective" in
  match found with
  | Some (low, high) -> Printf.printf "%s %s accepted %s %s\n%!" digest source (hex low) (hex high)
  | None -> Printf.printf "%s %s refused\n%!" digest source

let rec all () = match word () with
  | None -> ()
  | Some "answer" -> answer (); all ()
  | Some _ -> fail "expected an answer"

let () = all ()
