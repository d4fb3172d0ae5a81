-- SPDX-License-Identifier: Apache-2.0
module

public import LeanWorker

public section

namespace Primes

open LeanWorker

/-- The least divisor of `n` from `d` on. -/
partial def leastDivisor (n d : Nat) : Nat :=
  if n < d * d then n
  else if n % d == 0 then d
  else leastDivisor n (d + 1)

/-- Sends each prime from `n` to `last` when it is found. Answers how many, counting on from `found`. -/
partial def sendPrimes (out : Sink) (n last found : Nat) : Streaming Nat := do
  if last < n then
    return found
  else if leastDivisor n 2 == n then
    send (emitRow out "primes" (Json.obj [("ordinal", Json.nat found), ("prime", Json.nat n)]))
    sendPrimes out (n + 1) last (found + 1)
  else
    checkCancelled
    sendPrimes out (n + 1) last found

/-- A stream. The request is `{"from": 2, "to": 30}`. -/
@[export primes_between]
def between (request : String) (handle trampoline : USize) : IO UInt8 := do
  let request ← Request.read request
  let first ← request.getNat "from"
  let last ← request.getNat "to"
  let out := Sink.host handle trampoline
  streaming do
    let count ← sendPrimes out (if first < 2 then 2 else first) last 0
    send (emitMetadata out (Json.obj [("count", Json.nat count)]))

/-- The prime factors of `n`, of which none is below `d`; the least comes first. -/
partial def factors (n d : Nat) : List Nat :=
  if n < 2 then []
  else
    let p := leastDivisor n d
    p :: factors (n / p) p

/-- The last of the prime factors of `n`. There always is one, says the author, who has forgotten 1. -/
def lastOf (n : Nat) : List Nat → Nat
  | [] => panic! ("no prime factor of " ++ Json.nat n)
  | [p] => p
  | _ :: rest => lastOf n rest

/-- A command. The request is `{"of": 60}`. -/
@[export primes_largest_factor]
def largestFactor (request : String) : IO String := do
  let request ← Request.read request
  let n ← request.getNat "of"
  return Json.obj [("of", Json.nat n), ("largest", Json.nat (lastOf n (factors n 2)))]

end Primes
