// Lean compiler output
// Module: Primes
// Imports: public import Init public import LeanWorker
#include <lean/lean.h>
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wunused-parameter"
#pragma clang diagnostic ignored "-Wunused-label"
#elif defined(__GNUC__) && !defined(__CLANG__)
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#endif
#ifdef __cplusplus
extern "C" {
#endif
LEAN_EXPORT lean_object* primes_largest_factor(lean_object*);
uint8_t leanworker_cancelled();
LEAN_EXPORT lean_object* lp_primes_Primes_between___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_primes_Primes_lastOf___boxed(lean_object*, lean_object*);
static lean_object* lp_primes_Primes_between___closed__1;
lean_object* lp_leanworker_LeanWorker_Json_nat(lean_object*);
uint8_t leanworker_emit(size_t, size_t, lean_object*);
LEAN_EXPORT lean_object* lp_primes_panic___at___00Primes_lastOf_spec__0(lean_object*);
LEAN_EXPORT uint8_t lp_primes_Primes_between___lam__0(size_t, size_t, lean_object*);
LEAN_EXPORT lean_object* lp_primes_Primes_leastDivisor___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_primes_Primes_lastOf(lean_object*, lean_object*);
lean_object* lean_nat_div(lean_object*, lean_object*);
static lean_object* lp_primes_Primes_largestFactor___closed__0;
static lean_object* lp_primes_Primes_between___closed__0;
LEAN_EXPORT lean_object* lp_primes_Primes_leastDivisor(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_primes_Primes_sendPrimes(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* primes_between(lean_object*, size_t, size_t);
LEAN_EXPORT lean_object* lp_primes_Primes_factors(lean_object*, lean_object*);
lean_object* lp_leanworker_LeanWorker_Envelope_metadata(lean_object*);
static lean_object* lp_primes_Primes_lastOf___closed__2;
LEAN_EXPORT lean_object* lp_primes_Primes_factors___boxed(lean_object*, lean_object*);
static lean_object* lp_primes_Primes_sendPrimes___closed__1;
lean_object* lp_leanworker_LeanWorker_Request_getNat(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_primes_Primes_between___lam__0___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
uint8_t lean_nat_dec_eq(lean_object*, lean_object*);
lean_object* lp_leanworker_LeanWorker_Request_read(lean_object*);
static lean_object* lp_primes_Primes_lastOf___closed__1;
static lean_object* lp_primes_Primes_lastOf___closed__0;
uint8_t lean_nat_dec_lt(lean_object*, lean_object*);
lean_object* lean_nat_mod(lean_object*, lean_object*);
static lean_object* lp_primes_Primes_sendPrimes___closed__0;
LEAN_EXPORT lean_object* lp_primes_Primes_sendPrimes___boxed(lean_object*, lean_object*, lean_object*, lean_object*, lean_object*);
lean_object* lp_leanworker_LeanWorker_Json_obj(lean_object*);
lean_object* lean_panic_fn(lean_object*, lean_object*);
static lean_object* lp_primes_Primes_sendPrimes___closed__2;
static lean_object* lp_primes_Primes_largestFactor___closed__1;
lean_object* lean_nat_mul(lean_object*, lean_object*);
lean_object* l_mkPanicMessageWithDecl(lean_object*, lean_object*, lean_object*, lean_object*, lean_object*);
static lean_object* lp_primes_Primes_between___closed__2;
lean_object* lp_leanworker_LeanWorker_Envelope_row(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_primes_Primes_largestFactor___boxed(lean_object*, lean_object*);
lean_object* lean_string_append(lean_object*, lean_object*);
lean_object* lean_nat_add(lean_object*, lean_object*);
static lean_object* lp_primes_Primes_sendPrimes___closed__3;
uint8_t lean_uint8_dec_eq(uint8_t, uint8_t);
LEAN_EXPORT lean_object* lp_primes_Primes_leastDivisor(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; uint8_t x_4; 
x_3 = lean_nat_mul(x_2, x_2);
x_4 = lean_nat_dec_lt(x_1, x_3);
lean_dec(x_3);
if (x_4 == 0)
{
lean_object* x_5; lean_object* x_6; uint8_t x_7; 
x_5 = lean_nat_mod(x_1, x_2);
x_6 = lean_unsigned_to_nat(0u);
x_7 = lean_nat_dec_eq(x_5, x_6);
lean_dec(x_5);
if (x_7 == 0)
{
lean_object* x_8; lean_object* x_9; 
x_8 = lean_unsigned_to_nat(1u);
x_9 = lean_nat_add(x_2, x_8);
lean_dec(x_2);
x_2 = x_9;
goto _start;
}
else
{
return x_2;
}
}
else
{
lean_dec(x_2);
lean_inc(x_1);
return x_1;
}
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_leastDivisor___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_primes_Primes_leastDivisor(x_1, x_2);
lean_dec(x_1);
return x_3;
}
}
static lean_object* _init_lp_primes_Primes_sendPrimes___closed__0() {
_start:
{
uint8_t x_1; lean_object* x_2; lean_object* x_3; 
x_1 = 4;
x_2 = lean_box(x_1);
x_3 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_3, 0, x_2);
return x_3;
}
}
static lean_object* _init_lp_primes_Primes_sendPrimes___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("primes", 6, 6);
return x_1;
}
}
static lean_object* _init_lp_primes_Primes_sendPrimes___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("ordinal", 7, 7);
return x_1;
}
}
static lean_object* _init_lp_primes_Primes_sendPrimes___closed__3() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("prime", 5, 5);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_sendPrimes(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
uint8_t x_6; 
x_6 = lean_nat_dec_lt(x_3, x_2);
if (x_6 == 0)
{
lean_object* x_7; lean_object* x_8; uint8_t x_9; 
x_7 = lean_unsigned_to_nat(2u);
x_8 = lp_primes_Primes_leastDivisor(x_2, x_7);
x_9 = lean_nat_dec_eq(x_8, x_2);
lean_dec(x_8);
if (x_9 == 0)
{
uint8_t x_10; 
x_10 = leanworker_cancelled();
if (x_10 == 0)
{
lean_object* x_11; lean_object* x_12; 
x_11 = lean_unsigned_to_nat(1u);
x_12 = lean_nat_add(x_2, x_11);
lean_dec(x_2);
x_2 = x_12;
goto _start;
}
else
{
lean_object* x_14; lean_object* x_15; 
lean_dec(x_4);
lean_dec(x_2);
lean_dec_ref(x_1);
x_14 = lp_primes_Primes_sendPrimes___closed__0;
x_15 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_15, 0, x_14);
return x_15;
}
}
else
{
lean_object* x_16; lean_object* x_17; lean_object* x_18; lean_object* x_19; lean_object* x_20; lean_object* x_21; lean_object* x_22; lean_object* x_23; lean_object* x_24; lean_object* x_25; lean_object* x_26; lean_object* x_27; lean_object* x_28; uint8_t x_29; uint8_t x_30; uint8_t x_31; 
x_16 = lp_primes_Primes_sendPrimes___closed__1;
x_17 = lp_primes_Primes_sendPrimes___closed__2;
lean_inc(x_4);
x_18 = lp_leanworker_LeanWorker_Json_nat(x_4);
x_19 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_19, 0, x_17);
lean_ctor_set(x_19, 1, x_18);
x_20 = lp_primes_Primes_sendPrimes___closed__3;
lean_inc(x_2);
x_21 = lp_leanworker_LeanWorker_Json_nat(x_2);
x_22 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_22, 0, x_20);
lean_ctor_set(x_22, 1, x_21);
x_23 = lean_box(0);
x_24 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_24, 0, x_22);
lean_ctor_set(x_24, 1, x_23);
x_25 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_25, 0, x_19);
lean_ctor_set(x_25, 1, x_24);
x_26 = lp_leanworker_LeanWorker_Json_obj(x_25);
lean_dec_ref(x_25);
x_27 = lp_leanworker_LeanWorker_Envelope_row(x_16, x_26);
lean_dec_ref(x_26);
lean_inc_ref(x_1);
x_28 = lean_apply_2(x_1, x_27, lean_box(0));
x_29 = 0;
x_30 = lean_unbox(x_28);
x_31 = lean_uint8_dec_eq(x_30, x_29);
if (x_31 == 0)
{
lean_object* x_32; lean_object* x_33; 
lean_dec(x_4);
lean_dec(x_2);
lean_dec_ref(x_1);
x_32 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_32, 0, x_28);
x_33 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_33, 0, x_32);
return x_33;
}
else
{
lean_object* x_34; lean_object* x_35; lean_object* x_36; 
x_34 = lean_unsigned_to_nat(1u);
x_35 = lean_nat_add(x_2, x_34);
lean_dec(x_2);
x_36 = lean_nat_add(x_4, x_34);
lean_dec(x_4);
x_2 = x_35;
x_4 = x_36;
goto _start;
}
}
}
else
{
lean_object* x_38; lean_object* x_39; 
lean_dec(x_2);
lean_dec_ref(x_1);
x_38 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_38, 0, x_4);
x_39 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_39, 0, x_38);
return x_39;
}
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_sendPrimes___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4, lean_object* x_5) {
_start:
{
lean_object* x_6; 
x_6 = lp_primes_Primes_sendPrimes(x_1, x_2, x_3, x_4);
lean_dec(x_3);
return x_6;
}
}
LEAN_EXPORT uint8_t lp_primes_Primes_between___lam__0(size_t x_1, size_t x_2, lean_object* x_3) {
_start:
{
uint8_t x_5; 
x_5 = leanworker_emit(x_1, x_2, x_3);
return x_5;
}
}
static lean_object* _init_lp_primes_Primes_between___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("from", 4, 4);
return x_1;
}
}
static lean_object* _init_lp_primes_Primes_between___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("to", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_primes_Primes_between___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("count", 5, 5);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_between___lam__0___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
size_t x_5; size_t x_6; uint8_t x_7; lean_object* x_8; 
x_5 = lean_unbox_usize(x_1);
lean_dec(x_1);
x_6 = lean_unbox_usize(x_2);
lean_dec(x_2);
x_7 = lp_primes_Primes_between___lam__0(x_5, x_6, x_3);
lean_dec_ref(x_3);
x_8 = lean_box(x_7);
return x_8;
}
}
LEAN_EXPORT lean_object* primes_between(lean_object* x_1, size_t x_2, size_t x_3) {
_start:
{
lean_object* x_5; 
x_5 = lp_leanworker_LeanWorker_Request_read(x_1);
if (lean_obj_tag(x_5) == 0)
{
lean_object* x_6; lean_object* x_7; lean_object* x_8; 
x_6 = lean_ctor_get(x_5, 0);
lean_inc(x_6);
lean_dec_ref(x_5);
x_7 = lp_primes_Primes_between___closed__0;
x_8 = lp_leanworker_LeanWorker_Request_getNat(x_6, x_7);
if (lean_obj_tag(x_8) == 0)
{
lean_object* x_9; lean_object* x_10; lean_object* x_11; 
x_9 = lean_ctor_get(x_8, 0);
lean_inc(x_9);
lean_dec_ref(x_8);
x_10 = lp_primes_Primes_between___closed__1;
x_11 = lp_leanworker_LeanWorker_Request_getNat(x_6, x_10);
lean_dec(x_6);
if (lean_obj_tag(x_11) == 0)
{
lean_object* x_12; lean_object* x_13; lean_object* x_14; lean_object* x_15; lean_object* x_16; lean_object* x_57; uint8_t x_58; 
x_12 = lean_ctor_get(x_11, 0);
lean_inc(x_12);
lean_dec_ref(x_11);
x_13 = lean_box_usize(x_2);
x_14 = lean_box_usize(x_3);
x_15 = lean_alloc_closure((void*)(lp_primes_Primes_between___lam__0___boxed), 4, 2);
lean_closure_set(x_15, 0, x_13);
lean_closure_set(x_15, 1, x_14);
x_57 = lean_unsigned_to_nat(2u);
x_58 = lean_nat_dec_lt(x_9, x_57);
if (x_58 == 0)
{
x_16 = x_9;
goto block_56;
}
else
{
lean_dec(x_9);
x_16 = x_57;
goto block_56;
}
block_56:
{
lean_object* x_17; lean_object* x_18; 
x_17 = lean_unsigned_to_nat(0u);
x_18 = lp_primes_Primes_sendPrimes(x_15, x_16, x_12, x_17);
lean_dec(x_12);
if (lean_obj_tag(x_18) == 0)
{
uint8_t x_19; 
x_19 = !lean_is_exclusive(x_18);
if (x_19 == 0)
{
lean_object* x_20; 
x_20 = lean_ctor_get(x_18, 0);
if (lean_obj_tag(x_20) == 0)
{
lean_object* x_21; 
x_21 = lean_ctor_get(x_20, 0);
lean_inc(x_21);
lean_dec_ref(x_20);
lean_ctor_set(x_18, 0, x_21);
return x_18;
}
else
{
lean_object* x_22; lean_object* x_23; lean_object* x_24; lean_object* x_25; lean_object* x_26; lean_object* x_27; lean_object* x_28; lean_object* x_29; uint8_t x_30; uint8_t x_31; uint8_t x_32; 
x_22 = lean_ctor_get(x_20, 0);
lean_inc(x_22);
lean_dec_ref(x_20);
x_23 = lp_primes_Primes_between___closed__2;
x_24 = lp_leanworker_LeanWorker_Json_nat(x_22);
x_25 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_25, 0, x_23);
lean_ctor_set(x_25, 1, x_24);
x_26 = lean_box(0);
x_27 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_27, 0, x_25);
lean_ctor_set(x_27, 1, x_26);
x_28 = lp_leanworker_LeanWorker_Json_obj(x_27);
lean_dec_ref(x_27);
x_29 = lp_leanworker_LeanWorker_Envelope_metadata(x_28);
lean_dec_ref(x_28);
x_30 = leanworker_emit(x_2, x_3, x_29);
lean_dec_ref(x_29);
x_31 = 0;
x_32 = lean_uint8_dec_eq(x_30, x_31);
if (x_32 == 0)
{
lean_object* x_33; 
x_33 = lean_box(x_30);
lean_ctor_set(x_18, 0, x_33);
return x_18;
}
else
{
lean_object* x_34; 
x_34 = lean_box(x_31);
lean_ctor_set(x_18, 0, x_34);
return x_18;
}
}
}
else
{
lean_object* x_35; 
x_35 = lean_ctor_get(x_18, 0);
lean_inc(x_35);
lean_dec(x_18);
if (lean_obj_tag(x_35) == 0)
{
lean_object* x_36; lean_object* x_37; 
x_36 = lean_ctor_get(x_35, 0);
lean_inc(x_36);
lean_dec_ref(x_35);
x_37 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_37, 0, x_36);
return x_37;
}
else
{
lean_object* x_38; lean_object* x_39; lean_object* x_40; lean_object* x_41; lean_object* x_42; lean_object* x_43; lean_object* x_44; lean_object* x_45; uint8_t x_46; uint8_t x_47; uint8_t x_48; 
x_38 = lean_ctor_get(x_35, 0);
lean_inc(x_38);
lean_dec_ref(x_35);
x_39 = lp_primes_Primes_between___closed__2;
x_40 = lp_leanworker_LeanWorker_Json_nat(x_38);
x_41 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_41, 0, x_39);
lean_ctor_set(x_41, 1, x_40);
x_42 = lean_box(0);
x_43 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_43, 0, x_41);
lean_ctor_set(x_43, 1, x_42);
x_44 = lp_leanworker_LeanWorker_Json_obj(x_43);
lean_dec_ref(x_43);
x_45 = lp_leanworker_LeanWorker_Envelope_metadata(x_44);
lean_dec_ref(x_44);
x_46 = leanworker_emit(x_2, x_3, x_45);
lean_dec_ref(x_45);
x_47 = 0;
x_48 = lean_uint8_dec_eq(x_46, x_47);
if (x_48 == 0)
{
lean_object* x_49; lean_object* x_50; 
x_49 = lean_box(x_46);
x_50 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_50, 0, x_49);
return x_50;
}
else
{
lean_object* x_51; lean_object* x_52; 
x_51 = lean_box(x_47);
x_52 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_52, 0, x_51);
return x_52;
}
}
}
}
else
{
uint8_t x_53; 
x_53 = !lean_is_exclusive(x_18);
if (x_53 == 0)
{
return x_18;
}
else
{
lean_object* x_54; lean_object* x_55; 
x_54 = lean_ctor_get(x_18, 0);
lean_inc(x_54);
lean_dec(x_18);
x_55 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_55, 0, x_54);
return x_55;
}
}
}
}
else
{
uint8_t x_59; 
lean_dec(x_9);
x_59 = !lean_is_exclusive(x_11);
if (x_59 == 0)
{
return x_11;
}
else
{
lean_object* x_60; lean_object* x_61; 
x_60 = lean_ctor_get(x_11, 0);
lean_inc(x_60);
lean_dec(x_11);
x_61 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_61, 0, x_60);
return x_61;
}
}
}
else
{
uint8_t x_62; 
lean_dec(x_6);
x_62 = !lean_is_exclusive(x_8);
if (x_62 == 0)
{
return x_8;
}
else
{
lean_object* x_63; lean_object* x_64; 
x_63 = lean_ctor_get(x_8, 0);
lean_inc(x_63);
lean_dec(x_8);
x_64 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_64, 0, x_63);
return x_64;
}
}
}
else
{
uint8_t x_65; 
x_65 = !lean_is_exclusive(x_5);
if (x_65 == 0)
{
return x_5;
}
else
{
lean_object* x_66; lean_object* x_67; 
x_66 = lean_ctor_get(x_5, 0);
lean_inc(x_66);
lean_dec(x_5);
x_67 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_67, 0, x_66);
return x_67;
}
}
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_between___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
size_t x_5; size_t x_6; lean_object* x_7; 
x_5 = lean_unbox_usize(x_2);
lean_dec(x_2);
x_6 = lean_unbox_usize(x_3);
lean_dec(x_3);
x_7 = primes_between(x_1, x_5, x_6);
return x_7;
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_factors(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; uint8_t x_4; 
x_3 = lean_unsigned_to_nat(2u);
x_4 = lean_nat_dec_lt(x_1, x_3);
if (x_4 == 0)
{
lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; 
x_5 = lp_primes_Primes_leastDivisor(x_1, x_2);
x_6 = lean_nat_div(x_1, x_5);
lean_inc(x_5);
x_7 = lp_primes_Primes_factors(x_6, x_5);
lean_dec(x_6);
x_8 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_8, 0, x_5);
lean_ctor_set(x_8, 1, x_7);
return x_8;
}
else
{
lean_object* x_9; 
lean_dec(x_2);
x_9 = lean_box(0);
return x_9;
}
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_factors___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_primes_Primes_factors(x_1, x_2);
lean_dec(x_1);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_primes_panic___at___00Primes_lastOf_spec__0(lean_object* x_1) {
_start:
{
lean_object* x_2; lean_object* x_3; 
x_2 = lean_unsigned_to_nat(0u);
x_3 = lean_panic_fn(x_2, x_1);
return x_3;
}
}
static lean_object* _init_lp_primes_Primes_lastOf___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("Primes", 6, 6);
return x_1;
}
}
static lean_object* _init_lp_primes_Primes_lastOf___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("Primes.lastOf", 13, 13);
return x_1;
}
}
static lean_object* _init_lp_primes_Primes_lastOf___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("no prime factor of ", 19, 19);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_lastOf(lean_object* x_1, lean_object* x_2) {
_start:
{
if (lean_obj_tag(x_2) == 0)
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; lean_object* x_10; lean_object* x_11; 
x_3 = lp_primes_Primes_lastOf___closed__0;
x_4 = lp_primes_Primes_lastOf___closed__1;
x_5 = lean_unsigned_to_nat(49u);
x_6 = lean_unsigned_to_nat(10u);
x_7 = lp_primes_Primes_lastOf___closed__2;
x_8 = lp_leanworker_LeanWorker_Json_nat(x_1);
x_9 = lean_string_append(x_7, x_8);
lean_dec_ref(x_8);
x_10 = l_mkPanicMessageWithDecl(x_3, x_4, x_5, x_6, x_9);
lean_dec_ref(x_9);
x_11 = lp_primes_panic___at___00Primes_lastOf_spec__0(x_10);
return x_11;
}
else
{
lean_object* x_12; 
x_12 = lean_ctor_get(x_2, 1);
if (lean_obj_tag(x_12) == 0)
{
lean_object* x_13; 
lean_dec(x_1);
x_13 = lean_ctor_get(x_2, 0);
lean_inc(x_13);
return x_13;
}
else
{
x_2 = x_12;
goto _start;
}
}
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_lastOf___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_primes_Primes_lastOf(x_1, x_2);
lean_dec(x_2);
return x_3;
}
}
static lean_object* _init_lp_primes_Primes_largestFactor___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("of", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_primes_Primes_largestFactor___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("largest", 7, 7);
return x_1;
}
}
LEAN_EXPORT lean_object* primes_largest_factor(lean_object* x_1) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Request_read(x_1);
if (lean_obj_tag(x_3) == 0)
{
lean_object* x_4; lean_object* x_5; lean_object* x_6; 
x_4 = lean_ctor_get(x_3, 0);
lean_inc(x_4);
lean_dec_ref(x_3);
x_5 = lp_primes_Primes_largestFactor___closed__0;
x_6 = lp_leanworker_LeanWorker_Request_getNat(x_4, x_5);
lean_dec(x_4);
if (lean_obj_tag(x_6) == 0)
{
uint8_t x_7; 
x_7 = !lean_is_exclusive(x_6);
if (x_7 == 0)
{
lean_object* x_8; lean_object* x_9; lean_object* x_10; lean_object* x_11; lean_object* x_12; lean_object* x_13; lean_object* x_14; lean_object* x_15; lean_object* x_16; lean_object* x_17; lean_object* x_18; lean_object* x_19; lean_object* x_20; 
x_8 = lean_ctor_get(x_6, 0);
lean_inc(x_8);
x_9 = lp_leanworker_LeanWorker_Json_nat(x_8);
x_10 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_10, 0, x_5);
lean_ctor_set(x_10, 1, x_9);
x_11 = lp_primes_Primes_largestFactor___closed__1;
x_12 = lean_unsigned_to_nat(2u);
x_13 = lp_primes_Primes_factors(x_8, x_12);
x_14 = lp_primes_Primes_lastOf(x_8, x_13);
lean_dec(x_13);
x_15 = lp_leanworker_LeanWorker_Json_nat(x_14);
x_16 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_16, 0, x_11);
lean_ctor_set(x_16, 1, x_15);
x_17 = lean_box(0);
x_18 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_18, 0, x_16);
lean_ctor_set(x_18, 1, x_17);
x_19 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_19, 0, x_10);
lean_ctor_set(x_19, 1, x_18);
x_20 = lp_leanworker_LeanWorker_Json_obj(x_19);
lean_dec_ref(x_19);
lean_ctor_set(x_6, 0, x_20);
return x_6;
}
else
{
lean_object* x_21; lean_object* x_22; lean_object* x_23; lean_object* x_24; lean_object* x_25; lean_object* x_26; lean_object* x_27; lean_object* x_28; lean_object* x_29; lean_object* x_30; lean_object* x_31; lean_object* x_32; lean_object* x_33; lean_object* x_34; 
x_21 = lean_ctor_get(x_6, 0);
lean_inc(x_21);
lean_dec(x_6);
lean_inc(x_21);
x_22 = lp_leanworker_LeanWorker_Json_nat(x_21);
x_23 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_23, 0, x_5);
lean_ctor_set(x_23, 1, x_22);
x_24 = lp_primes_Primes_largestFactor___closed__1;
x_25 = lean_unsigned_to_nat(2u);
x_26 = lp_primes_Primes_factors(x_21, x_25);
x_27 = lp_primes_Primes_lastOf(x_21, x_26);
lean_dec(x_26);
x_28 = lp_leanworker_LeanWorker_Json_nat(x_27);
x_29 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_29, 0, x_24);
lean_ctor_set(x_29, 1, x_28);
x_30 = lean_box(0);
x_31 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_31, 0, x_29);
lean_ctor_set(x_31, 1, x_30);
x_32 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_32, 0, x_23);
lean_ctor_set(x_32, 1, x_31);
x_33 = lp_leanworker_LeanWorker_Json_obj(x_32);
lean_dec_ref(x_32);
x_34 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_34, 0, x_33);
return x_34;
}
}
else
{
uint8_t x_35; 
x_35 = !lean_is_exclusive(x_6);
if (x_35 == 0)
{
return x_6;
}
else
{
lean_object* x_36; lean_object* x_37; 
x_36 = lean_ctor_get(x_6, 0);
lean_inc(x_36);
lean_dec(x_6);
x_37 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_37, 0, x_36);
return x_37;
}
}
}
else
{
uint8_t x_38; 
x_38 = !lean_is_exclusive(x_3);
if (x_38 == 0)
{
return x_3;
}
else
{
lean_object* x_39; lean_object* x_40; 
x_39 = lean_ctor_get(x_3, 0);
lean_inc(x_39);
lean_dec(x_3);
x_40 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_40, 0, x_39);
return x_40;
}
}
}
}
LEAN_EXPORT lean_object* lp_primes_Primes_largestFactor___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = primes_largest_factor(x_1);
return x_3;
}
}
lean_object* initialize_Init(uint8_t builtin);
lean_object* initialize_leanworker_LeanWorker(uint8_t builtin);
static bool _G_initialized = false;
LEAN_EXPORT lean_object* initialize_primes_Primes(uint8_t builtin) {
lean_object * res;
if (_G_initialized) return lean_io_result_mk_ok(lean_box(0));
_G_initialized = true;
res = initialize_Init(builtin);
if (lean_io_result_is_error(res)) return res;
lean_dec_ref(res);
res = initialize_leanworker_LeanWorker(builtin);
if (lean_io_result_is_error(res)) return res;
lean_dec_ref(res);
lp_primes_Primes_sendPrimes___closed__0 = _init_lp_primes_Primes_sendPrimes___closed__0();
lean_mark_persistent(lp_primes_Primes_sendPrimes___closed__0);
lp_primes_Primes_sendPrimes___closed__1 = _init_lp_primes_Primes_sendPrimes___closed__1();
lean_mark_persistent(lp_primes_Primes_sendPrimes___closed__1);
lp_primes_Primes_sendPrimes___closed__2 = _init_lp_primes_Primes_sendPrimes___closed__2();
lean_mark_persistent(lp_primes_Primes_sendPrimes___closed__2);
lp_primes_Primes_sendPrimes___closed__3 = _init_lp_primes_Primes_sendPrimes___closed__3();
lean_mark_persistent(lp_primes_Primes_sendPrimes___closed__3);
lp_primes_Primes_between___closed__0 = _init_lp_primes_Primes_between___closed__0();
lean_mark_persistent(lp_primes_Primes_between___closed__0);
lp_primes_Primes_between___closed__1 = _init_lp_primes_Primes_between___closed__1();
lean_mark_persistent(lp_primes_Primes_between___closed__1);
lp_primes_Primes_between___closed__2 = _init_lp_primes_Primes_between___closed__2();
lean_mark_persistent(lp_primes_Primes_between___closed__2);
lp_primes_Primes_lastOf___closed__0 = _init_lp_primes_Primes_lastOf___closed__0();
lean_mark_persistent(lp_primes_Primes_lastOf___closed__0);
lp_primes_Primes_lastOf___closed__1 = _init_lp_primes_Primes_lastOf___closed__1();
lean_mark_persistent(lp_primes_Primes_lastOf___closed__1);
lp_primes_Primes_lastOf___closed__2 = _init_lp_primes_Primes_lastOf___closed__2();
lean_mark_persistent(lp_primes_Primes_lastOf___closed__2);
lp_primes_Primes_largestFactor___closed__0 = _init_lp_primes_Primes_largestFactor___closed__0();
lean_mark_persistent(lp_primes_Primes_largestFactor___closed__0);
lp_primes_Primes_largestFactor___closed__1 = _init_lp_primes_Primes_largestFactor___closed__1();
lean_mark_persistent(lp_primes_Primes_largestFactor___closed__1);
return lean_io_result_mk_ok(lean_box(0));
}
#ifdef __cplusplus
}
#endif
