// Lean compiler output
// Module: LeanWorker.Json
// Imports: public import Init
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
static lean_object* lp_leanworker_LeanWorker_Json_skipNumber___closed__2;
uint8_t lean_uint8_sub(uint8_t, uint8_t);
static lean_object* lp_leanworker_LeanWorker_Json_decodeString___closed__0;
uint8_t lean_uint8_dec_lt(uint8_t, uint8_t);
static lean_object* lp_leanworker_LeanWorker_Request_readFields___closed__2;
uint8_t lean_byte_array_fget(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_digits___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hexValue___boxed(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_objectFields___closed__2;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipNumber(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_obj___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getNat___boxed(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arrayItems___boxed(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipFields___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_nat___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_isDigit___boxed(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__3;
static lean_object* lp_leanworker_LeanWorker_Json_skipString___closed__2;
static lean_object* lp_leanworker_LeanWorker_Json_skipValue___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_slice(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_bool___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeFrom(lean_object*, lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Request_readFields___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipString(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_read___boxed(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipNumber___closed__3;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_decodeString(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arr___boxed(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_plainEnd(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_obj___closed__1;
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Json_byteAt(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arrayItems(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipItems(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_nat(lean_object*);
uint8_t lean_string_dec_eq(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getString(lean_object*, lean_object*);
lean_object* lean_string_push(lean_object*, uint32_t);
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__4;
static lean_object* lp_leanworker_LeanWorker_Json_objectFields___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_readFields___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt___redArg(lean_object*, lean_object*);
lean_object* l_Nat_reprFast(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__8;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_digits(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_bool(uint8_t);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_decodeString___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_arrayItems___closed__0;
static lean_object* lp_leanworker_LeanWorker_Json_arr___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipValue___boxed(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipNumber___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeFrom___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_parse(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_byteAt___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeOf___boxed(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipDigits(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipItems___boxed(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Request_nat___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_objectFields(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt___boxed(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipValue(lean_object*, lean_object*, lean_object*);
lean_object* lean_string_utf8_extract(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipFields___boxed(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_bool___boxed(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Request_string___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_str___boxed(lean_object*);
lean_object* lean_mk_io_user_error(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hexValue(uint8_t);
static lean_object* lp_leanworker_LeanWorker_Json_skipFields___closed__2;
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__2;
static lean_object* lp_leanworker_LeanWorker_Json_objectFields___closed__0;
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__9;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_objectFields___boxed(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getNat(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__6;
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__5;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_plainEnd___boxed(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipValue___closed__4;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_string(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_slice___boxed(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_find(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arr(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Request_string___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_readFields(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Json_hasWord(lean_object*, lean_object*, lean_object*, lean_object*);
uint8_t lean_nat_dec_eq(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_read(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipValue___closed__3;
static lean_object* lp_leanworker_LeanWorker_Request_readFields___closed__0;
uint8_t lean_nat_dec_lt(lean_object*, lean_object*);
lean_object* lean_nat_mod(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__0;
static lean_object* lp_leanworker_LeanWorker_Json_skipString___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getString___boxed(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Request_nat___closed__0;
lean_object* lean_string_to_utf8(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_str(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hex4___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_obj(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_find___boxed(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__0;
static lean_object* lp_leanworker_LeanWorker_Json_str___closed__0;
lean_object* lean_nat_sub(lean_object*, lean_object*);
lean_object* lean_nat_mul(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipValue___closed__2;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipFields(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hex4(lean_object*, lean_object*);
uint8_t lean_uint8_dec_le(uint8_t, uint8_t);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Json_isDigit(uint8_t);
static lean_object* lp_leanworker_LeanWorker_Json_skipString___closed__3;
static lean_object* lp_leanworker_LeanWorker_Json_bool___closed__0;
static lean_object* lp_leanworker_LeanWorker_Json_skipNumber___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_simpleEscape___boxed(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Request_parse___closed__0;
static lean_object* lp_leanworker_LeanWorker_Json_skipFields___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipString___boxed(lean_object*, lean_object*);
lean_object* lean_uint8_to_nat(uint8_t);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipDigits___boxed(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipItems___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt___redArg___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipNumber___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipSpace___boxed(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_escapeOf___closed__7;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_nat(lean_object*, lean_object*);
lean_object* lean_string_append(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hasWord___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Json_skipString___closed__0;
uint8_t lean_nat_dec_le(lean_object*, lean_object*);
lean_object* lean_nat_add(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipSpace(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_simpleEscape(uint8_t);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_string___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_obj___boxed(lean_object*);
lean_object* lean_byte_array_size(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt(lean_object*, lean_object*, lean_object*);
uint8_t lean_uint8_dec_eq(uint8_t, uint8_t);
static lean_object* lp_leanworker_LeanWorker_Json_skipValue___closed__1;
uint32_t l_Char_ofNat(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeOf(uint8_t);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Json_byteAt(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; uint8_t x_4; 
x_3 = lean_byte_array_size(x_1);
x_4 = lean_nat_dec_lt(x_2, x_3);
if (x_4 == 0)
{
uint8_t x_5; 
x_5 = 0;
return x_5;
}
else
{
uint8_t x_6; 
x_6 = lean_byte_array_fget(x_1, x_2);
return x_6;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_byteAt___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
uint8_t x_3; lean_object* x_4; 
x_3 = lp_leanworker_LeanWorker_Json_byteAt(x_1, x_2);
lean_dec(x_2);
lean_dec_ref(x_1);
x_4 = lean_box(x_3);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_slice(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lean_string_utf8_extract(x_1, x_2, x_3);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_slice___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_slice(x_1, x_2, x_3);
lean_dec(x_3);
lean_dec(x_2);
lean_dec_ref(x_1);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_plainEnd(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; uint8_t x_4; 
x_3 = lean_byte_array_size(x_1);
x_4 = lean_nat_dec_lt(x_2, x_3);
if (x_4 == 0)
{
return x_2;
}
else
{
uint8_t x_5; uint8_t x_6; uint8_t x_13; uint8_t x_14; 
x_5 = lean_byte_array_fget(x_1, x_2);
x_13 = 32;
x_14 = lean_uint8_dec_lt(x_5, x_13);
if (x_14 == 0)
{
uint8_t x_15; uint8_t x_16; 
x_15 = 34;
x_16 = lean_uint8_dec_eq(x_5, x_15);
x_6 = x_16;
goto block_12;
}
else
{
x_6 = x_14;
goto block_12;
}
block_12:
{
if (x_6 == 0)
{
uint8_t x_7; uint8_t x_8; 
x_7 = 92;
x_8 = lean_uint8_dec_eq(x_5, x_7);
if (x_8 == 0)
{
lean_object* x_9; lean_object* x_10; 
x_9 = lean_unsigned_to_nat(1u);
x_10 = lean_nat_add(x_2, x_9);
lean_dec(x_2);
x_2 = x_10;
goto _start;
}
else
{
return x_2;
}
}
else
{
return x_2;
}
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_plainEnd___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_plainEnd(x_1, x_2);
lean_dec_ref(x_1);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("0123456789abcdef", 16, 16);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\u001", 5, 5);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\u000", 5, 5);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__3() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\f", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__4() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\b", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__5() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\r", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__6() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\t", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__7() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\n", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__8() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\\\", 2, 2);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__9() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\\\"", 2, 2);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeOf(uint8_t x_1) {
_start:
{
uint8_t x_2; uint8_t x_3; 
x_2 = 34;
x_3 = lean_uint8_dec_eq(x_1, x_2);
if (x_3 == 0)
{
uint8_t x_4; uint8_t x_5; 
x_4 = 92;
x_5 = lean_uint8_dec_eq(x_1, x_4);
if (x_5 == 0)
{
uint8_t x_6; uint8_t x_7; 
x_6 = 10;
x_7 = lean_uint8_dec_eq(x_1, x_6);
if (x_7 == 0)
{
uint8_t x_8; uint8_t x_9; 
x_8 = 9;
x_9 = lean_uint8_dec_eq(x_1, x_8);
if (x_9 == 0)
{
uint8_t x_10; uint8_t x_11; 
x_10 = 13;
x_11 = lean_uint8_dec_eq(x_1, x_10);
if (x_11 == 0)
{
uint8_t x_12; uint8_t x_13; 
x_12 = 8;
x_13 = lean_uint8_dec_eq(x_1, x_12);
if (x_13 == 0)
{
uint8_t x_14; uint8_t x_15; 
x_14 = 12;
x_15 = lean_uint8_dec_eq(x_1, x_14);
if (x_15 == 0)
{
lean_object* x_16; lean_object* x_17; lean_object* x_18; lean_object* x_19; uint8_t x_26; uint8_t x_27; 
x_16 = lean_uint8_to_nat(x_1);
x_17 = lean_unsigned_to_nat(16u);
x_18 = lean_nat_mod(x_16, x_17);
x_26 = 16;
x_27 = lean_uint8_dec_lt(x_1, x_26);
if (x_27 == 0)
{
lean_object* x_28; 
x_28 = lp_leanworker_LeanWorker_Json_escapeOf___closed__1;
x_19 = x_28;
goto block_25;
}
else
{
lean_object* x_29; 
x_29 = lp_leanworker_LeanWorker_Json_escapeOf___closed__2;
x_19 = x_29;
goto block_25;
}
block_25:
{
lean_object* x_20; lean_object* x_21; lean_object* x_22; lean_object* x_23; lean_object* x_24; 
x_20 = lp_leanworker_LeanWorker_Json_escapeOf___closed__0;
x_21 = lean_unsigned_to_nat(1u);
x_22 = lean_nat_add(x_18, x_21);
x_23 = lean_string_utf8_extract(x_20, x_18, x_22);
lean_dec(x_22);
lean_dec(x_18);
x_24 = lean_string_append(x_19, x_23);
lean_dec_ref(x_23);
return x_24;
}
}
else
{
lean_object* x_30; 
x_30 = lp_leanworker_LeanWorker_Json_escapeOf___closed__3;
return x_30;
}
}
else
{
lean_object* x_31; 
x_31 = lp_leanworker_LeanWorker_Json_escapeOf___closed__4;
return x_31;
}
}
else
{
lean_object* x_32; 
x_32 = lp_leanworker_LeanWorker_Json_escapeOf___closed__5;
return x_32;
}
}
else
{
lean_object* x_33; 
x_33 = lp_leanworker_LeanWorker_Json_escapeOf___closed__6;
return x_33;
}
}
else
{
lean_object* x_34; 
x_34 = lp_leanworker_LeanWorker_Json_escapeOf___closed__7;
return x_34;
}
}
else
{
lean_object* x_35; 
x_35 = lp_leanworker_LeanWorker_Json_escapeOf___closed__8;
return x_35;
}
}
else
{
lean_object* x_36; 
x_36 = lp_leanworker_LeanWorker_Json_escapeOf___closed__9;
return x_36;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeOf___boxed(lean_object* x_1) {
_start:
{
uint8_t x_2; lean_object* x_3; 
x_2 = lean_unbox(x_1);
x_3 = lp_leanworker_LeanWorker_Json_escapeOf(x_2);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeFrom(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; uint8_t x_9; 
lean_inc(x_3);
x_5 = lp_leanworker_LeanWorker_Json_plainEnd(x_2, x_3);
x_6 = lean_string_utf8_extract(x_1, x_3, x_5);
lean_dec(x_3);
x_7 = lean_string_append(x_4, x_6);
lean_dec_ref(x_6);
x_8 = lean_byte_array_size(x_2);
x_9 = lean_nat_dec_lt(x_5, x_8);
if (x_9 == 0)
{
lean_dec(x_5);
return x_7;
}
else
{
lean_object* x_10; lean_object* x_11; uint8_t x_12; 
x_10 = lean_unsigned_to_nat(1u);
x_11 = lean_nat_add(x_5, x_10);
if (x_9 == 0)
{
uint8_t x_17; 
lean_dec(x_5);
x_17 = 0;
x_12 = x_17;
goto block_16;
}
else
{
uint8_t x_18; 
x_18 = lean_byte_array_fget(x_2, x_5);
lean_dec(x_5);
x_12 = x_18;
goto block_16;
}
block_16:
{
lean_object* x_13; lean_object* x_14; 
x_13 = lp_leanworker_LeanWorker_Json_escapeOf(x_12);
x_14 = lean_string_append(x_7, x_13);
lean_dec_ref(x_13);
x_3 = x_11;
x_4 = x_14;
goto _start;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_escapeFrom___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_5; 
x_5 = lp_leanworker_LeanWorker_Json_escapeFrom(x_1, x_2, x_3, x_4);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_5;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_str___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("\"", 1, 1);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_str(lean_object* x_1) {
_start:
{
lean_object* x_2; lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; 
x_2 = lean_string_to_utf8(x_1);
x_3 = lean_unsigned_to_nat(0u);
x_4 = lp_leanworker_LeanWorker_Json_str___closed__0;
x_5 = lp_leanworker_LeanWorker_Json_escapeFrom(x_1, x_2, x_3, x_4);
lean_dec_ref(x_2);
x_6 = lean_string_append(x_5, x_4);
return x_6;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_str___boxed(lean_object* x_1) {
_start:
{
lean_object* x_2; 
x_2 = lp_leanworker_LeanWorker_Json_str(x_1);
lean_dec_ref(x_1);
return x_2;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_nat(lean_object* x_1) {
_start:
{
lean_object* x_2; 
x_2 = l_Nat_reprFast(x_1);
return x_2;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_bool___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("false", 5, 5);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_bool___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("true", 4, 4);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_bool(uint8_t x_1) {
_start:
{
if (x_1 == 0)
{
lean_object* x_2; 
x_2 = lp_leanworker_LeanWorker_Json_bool___closed__0;
return x_2;
}
else
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_bool___closed__1;
return x_3;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_bool___boxed(lean_object* x_1) {
_start:
{
uint8_t x_2; lean_object* x_3; 
x_2 = lean_unbox(x_1);
x_3 = lp_leanworker_LeanWorker_Json_bool(x_2);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_objectFields___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("}", 1, 1);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_objectFields___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(",", 1, 1);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_objectFields___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(":", 1, 1);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_objectFields(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
if (lean_obj_tag(x_1) == 0)
{
lean_object* x_4; lean_object* x_5; 
lean_dec_ref(x_2);
x_4 = lp_leanworker_LeanWorker_Json_objectFields___closed__0;
x_5 = lean_string_append(x_3, x_4);
return x_5;
}
else
{
lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; lean_object* x_10; lean_object* x_11; lean_object* x_12; lean_object* x_13; lean_object* x_14; lean_object* x_15; lean_object* x_16; 
x_6 = lean_ctor_get(x_1, 0);
x_7 = lean_ctor_get(x_1, 1);
x_8 = lean_ctor_get(x_6, 0);
x_9 = lean_ctor_get(x_6, 1);
x_10 = lp_leanworker_LeanWorker_Json_objectFields___closed__1;
x_11 = lean_string_append(x_3, x_2);
lean_dec_ref(x_2);
x_12 = lp_leanworker_LeanWorker_Json_str(x_8);
x_13 = lean_string_append(x_11, x_12);
lean_dec_ref(x_12);
x_14 = lp_leanworker_LeanWorker_Json_objectFields___closed__2;
x_15 = lean_string_append(x_13, x_14);
x_16 = lean_string_append(x_15, x_9);
x_1 = x_7;
x_2 = x_10;
x_3 = x_16;
goto _start;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_objectFields___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_objectFields(x_1, x_2, x_3);
lean_dec(x_1);
return x_4;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_obj___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("", 0, 0);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_obj___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("{", 1, 1);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_obj(lean_object* x_1) {
_start:
{
lean_object* x_2; lean_object* x_3; lean_object* x_4; 
x_2 = lp_leanworker_LeanWorker_Json_obj___closed__0;
x_3 = lp_leanworker_LeanWorker_Json_obj___closed__1;
x_4 = lp_leanworker_LeanWorker_Json_objectFields(x_1, x_2, x_3);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_obj___boxed(lean_object* x_1) {
_start:
{
lean_object* x_2; 
x_2 = lp_leanworker_LeanWorker_Json_obj(x_1);
lean_dec(x_1);
return x_2;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_arrayItems___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("]", 1, 1);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arrayItems(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
if (lean_obj_tag(x_1) == 0)
{
lean_object* x_4; lean_object* x_5; 
lean_dec_ref(x_2);
x_4 = lp_leanworker_LeanWorker_Json_arrayItems___closed__0;
x_5 = lean_string_append(x_3, x_4);
return x_5;
}
else
{
lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; lean_object* x_10; 
x_6 = lean_ctor_get(x_1, 0);
x_7 = lean_ctor_get(x_1, 1);
x_8 = lp_leanworker_LeanWorker_Json_objectFields___closed__1;
x_9 = lean_string_append(x_3, x_2);
lean_dec_ref(x_2);
x_10 = lean_string_append(x_9, x_6);
x_1 = x_7;
x_2 = x_8;
x_3 = x_10;
goto _start;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arrayItems___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_arrayItems(x_1, x_2, x_3);
lean_dec(x_1);
return x_4;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_arr___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("[", 1, 1);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arr(lean_object* x_1) {
_start:
{
lean_object* x_2; lean_object* x_3; lean_object* x_4; 
x_2 = lp_leanworker_LeanWorker_Json_obj___closed__0;
x_3 = lp_leanworker_LeanWorker_Json_arr___closed__0;
x_4 = lp_leanworker_LeanWorker_Json_arrayItems(x_1, x_2, x_3);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_arr___boxed(lean_object* x_1) {
_start:
{
lean_object* x_2; 
x_2 = lp_leanworker_LeanWorker_Json_arr(x_1);
lean_dec(x_1);
return x_2;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipSpace(lean_object* x_1, lean_object* x_2) {
_start:
{
uint8_t x_7; uint8_t x_8; uint8_t x_14; lean_object* x_20; uint8_t x_21; 
x_20 = lean_byte_array_size(x_1);
x_21 = lean_nat_dec_lt(x_2, x_20);
if (x_21 == 0)
{
uint8_t x_22; 
x_22 = 0;
x_14 = x_22;
goto block_19;
}
else
{
uint8_t x_23; 
x_23 = lean_byte_array_fget(x_1, x_2);
x_14 = x_23;
goto block_19;
}
block_6:
{
lean_object* x_3; lean_object* x_4; 
x_3 = lean_unsigned_to_nat(1u);
x_4 = lean_nat_add(x_2, x_3);
lean_dec(x_2);
x_2 = x_4;
goto _start;
}
block_13:
{
if (x_8 == 0)
{
uint8_t x_9; uint8_t x_10; 
x_9 = 13;
x_10 = lean_uint8_dec_eq(x_7, x_9);
if (x_10 == 0)
{
uint8_t x_11; uint8_t x_12; 
x_11 = 9;
x_12 = lean_uint8_dec_eq(x_7, x_11);
if (x_12 == 0)
{
return x_2;
}
else
{
goto block_6;
}
}
else
{
goto block_6;
}
}
else
{
goto block_6;
}
}
block_19:
{
uint8_t x_15; uint8_t x_16; 
x_15 = 32;
x_16 = lean_uint8_dec_eq(x_14, x_15);
if (x_16 == 0)
{
uint8_t x_17; uint8_t x_18; 
x_17 = 10;
x_18 = lean_uint8_dec_eq(x_14, x_17);
x_7 = x_14;
x_8 = x_18;
goto block_13;
}
else
{
x_7 = x_14;
x_8 = x_16;
goto block_13;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipSpace___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_2);
lean_dec_ref(x_1);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("malformed JSON at byte ", 23, 23);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(": ", 2, 2);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt___redArg(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; 
x_3 = lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__0;
x_4 = l_Nat_reprFast(x_1);
x_5 = lean_string_append(x_3, x_4);
lean_dec_ref(x_4);
x_6 = lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__1;
x_7 = lean_string_append(x_5, x_6);
x_8 = lean_string_append(x_7, x_2);
x_9 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_9, 0, x_8);
return x_9;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_2, x_3);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_errorAt(x_1, x_2, x_3);
lean_dec_ref(x_3);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_errorAt___redArg___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_1, x_2);
lean_dec_ref(x_2);
return x_3;
}
}
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Json_isDigit(uint8_t x_1) {
_start:
{
uint8_t x_2; uint8_t x_3; 
x_2 = 48;
x_3 = lean_uint8_dec_le(x_2, x_1);
if (x_3 == 0)
{
return x_3;
}
else
{
uint8_t x_4; uint8_t x_5; 
x_4 = 57;
x_5 = lean_uint8_dec_le(x_1, x_4);
return x_5;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_isDigit___boxed(lean_object* x_1) {
_start:
{
uint8_t x_2; uint8_t x_3; lean_object* x_4; 
x_2 = lean_unbox(x_1);
x_3 = lp_leanworker_LeanWorker_Json_isDigit(x_2);
x_4 = lean_box(x_3);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hexValue(uint8_t x_1) {
_start:
{
uint8_t x_2; uint8_t x_8; uint8_t x_17; uint8_t x_26; uint8_t x_27; 
x_26 = 48;
x_27 = lean_uint8_dec_le(x_26, x_1);
if (x_27 == 0)
{
x_17 = x_27;
goto block_25;
}
else
{
uint8_t x_28; uint8_t x_29; 
x_28 = 57;
x_29 = lean_uint8_dec_le(x_1, x_28);
x_17 = x_29;
goto block_25;
}
block_7:
{
if (x_2 == 0)
{
lean_object* x_3; 
x_3 = lean_unsigned_to_nat(16u);
return x_3;
}
else
{
uint8_t x_4; uint8_t x_5; lean_object* x_6; 
x_4 = 55;
x_5 = lean_uint8_sub(x_1, x_4);
x_6 = lean_uint8_to_nat(x_5);
return x_6;
}
}
block_16:
{
if (x_8 == 0)
{
uint8_t x_9; uint8_t x_10; 
x_9 = 65;
x_10 = lean_uint8_dec_le(x_9, x_1);
if (x_10 == 0)
{
x_2 = x_10;
goto block_7;
}
else
{
uint8_t x_11; uint8_t x_12; 
x_11 = 70;
x_12 = lean_uint8_dec_le(x_1, x_11);
x_2 = x_12;
goto block_7;
}
}
else
{
uint8_t x_13; uint8_t x_14; lean_object* x_15; 
x_13 = 87;
x_14 = lean_uint8_sub(x_1, x_13);
x_15 = lean_uint8_to_nat(x_14);
return x_15;
}
}
block_25:
{
if (x_17 == 0)
{
uint8_t x_18; uint8_t x_19; 
x_18 = 97;
x_19 = lean_uint8_dec_le(x_18, x_1);
if (x_19 == 0)
{
x_8 = x_19;
goto block_16;
}
else
{
uint8_t x_20; uint8_t x_21; 
x_20 = 102;
x_21 = lean_uint8_dec_le(x_1, x_20);
x_8 = x_21;
goto block_16;
}
}
else
{
uint8_t x_22; uint8_t x_23; lean_object* x_24; 
x_22 = 48;
x_23 = lean_uint8_sub(x_1, x_22);
x_24 = lean_uint8_to_nat(x_23);
return x_24;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hexValue___boxed(lean_object* x_1) {
_start:
{
uint8_t x_2; lean_object* x_3; 
x_2 = lean_unbox(x_1);
x_3 = lp_leanworker_LeanWorker_Json_hexValue(x_2);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hex4(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; uint8_t x_8; lean_object* x_21; lean_object* x_22; lean_object* x_23; uint8_t x_24; lean_object* x_30; lean_object* x_31; uint8_t x_32; lean_object* x_41; uint8_t x_42; uint8_t x_51; lean_object* x_60; uint8_t x_61; 
x_60 = lean_byte_array_size(x_1);
x_61 = lean_nat_dec_lt(x_2, x_60);
if (x_61 == 0)
{
uint8_t x_62; 
x_62 = 0;
x_51 = x_62;
goto block_59;
}
else
{
uint8_t x_63; 
x_63 = lean_byte_array_fget(x_1, x_2);
x_51 = x_63;
goto block_59;
}
block_20:
{
if (x_8 == 0)
{
lean_object* x_9; 
lean_dec(x_6);
lean_dec(x_5);
lean_dec(x_4);
lean_dec(x_3);
x_9 = lean_unsigned_to_nat(65536u);
return x_9;
}
else
{
uint8_t x_10; 
x_10 = lean_nat_dec_lt(x_5, x_7);
if (x_10 == 0)
{
lean_object* x_11; 
lean_dec(x_6);
lean_dec(x_5);
lean_dec(x_4);
lean_dec(x_3);
x_11 = lean_unsigned_to_nat(65536u);
return x_11;
}
else
{
uint8_t x_12; 
x_12 = lean_nat_dec_lt(x_3, x_7);
if (x_12 == 0)
{
lean_object* x_13; 
lean_dec(x_6);
lean_dec(x_5);
lean_dec(x_4);
lean_dec(x_3);
x_13 = lean_unsigned_to_nat(65536u);
return x_13;
}
else
{
lean_object* x_14; lean_object* x_15; lean_object* x_16; lean_object* x_17; lean_object* x_18; lean_object* x_19; 
x_14 = lean_nat_mul(x_4, x_7);
lean_dec(x_4);
x_15 = lean_nat_add(x_14, x_6);
lean_dec(x_6);
lean_dec(x_14);
x_16 = lean_nat_mul(x_15, x_7);
lean_dec(x_15);
x_17 = lean_nat_add(x_16, x_5);
lean_dec(x_5);
lean_dec(x_16);
x_18 = lean_nat_mul(x_17, x_7);
lean_dec(x_17);
x_19 = lean_nat_add(x_18, x_3);
lean_dec(x_3);
lean_dec(x_18);
return x_19;
}
}
}
}
block_29:
{
lean_object* x_25; lean_object* x_26; uint8_t x_27; 
x_25 = lp_leanworker_LeanWorker_Json_hexValue(x_24);
x_26 = lean_unsigned_to_nat(16u);
x_27 = lean_nat_dec_lt(x_21, x_26);
if (x_27 == 0)
{
x_3 = x_25;
x_4 = x_21;
x_5 = x_22;
x_6 = x_23;
x_7 = x_26;
x_8 = x_27;
goto block_20;
}
else
{
uint8_t x_28; 
x_28 = lean_nat_dec_lt(x_23, x_26);
x_3 = x_25;
x_4 = x_21;
x_5 = x_22;
x_6 = x_23;
x_7 = x_26;
x_8 = x_28;
goto block_20;
}
}
block_40:
{
lean_object* x_33; lean_object* x_34; lean_object* x_35; lean_object* x_36; uint8_t x_37; 
x_33 = lp_leanworker_LeanWorker_Json_hexValue(x_32);
x_34 = lean_unsigned_to_nat(3u);
x_35 = lean_nat_add(x_2, x_34);
x_36 = lean_byte_array_size(x_1);
x_37 = lean_nat_dec_lt(x_35, x_36);
if (x_37 == 0)
{
uint8_t x_38; 
lean_dec(x_35);
x_38 = 0;
x_21 = x_30;
x_22 = x_33;
x_23 = x_31;
x_24 = x_38;
goto block_29;
}
else
{
uint8_t x_39; 
x_39 = lean_byte_array_fget(x_1, x_35);
lean_dec(x_35);
x_21 = x_30;
x_22 = x_33;
x_23 = x_31;
x_24 = x_39;
goto block_29;
}
}
block_50:
{
lean_object* x_43; lean_object* x_44; lean_object* x_45; lean_object* x_46; uint8_t x_47; 
x_43 = lp_leanworker_LeanWorker_Json_hexValue(x_42);
x_44 = lean_unsigned_to_nat(2u);
x_45 = lean_nat_add(x_2, x_44);
x_46 = lean_byte_array_size(x_1);
x_47 = lean_nat_dec_lt(x_45, x_46);
if (x_47 == 0)
{
uint8_t x_48; 
lean_dec(x_45);
x_48 = 0;
x_30 = x_41;
x_31 = x_43;
x_32 = x_48;
goto block_40;
}
else
{
uint8_t x_49; 
x_49 = lean_byte_array_fget(x_1, x_45);
lean_dec(x_45);
x_30 = x_41;
x_31 = x_43;
x_32 = x_49;
goto block_40;
}
}
block_59:
{
lean_object* x_52; lean_object* x_53; lean_object* x_54; lean_object* x_55; uint8_t x_56; 
x_52 = lp_leanworker_LeanWorker_Json_hexValue(x_51);
x_53 = lean_unsigned_to_nat(1u);
x_54 = lean_nat_add(x_2, x_53);
x_55 = lean_byte_array_size(x_1);
x_56 = lean_nat_dec_lt(x_54, x_55);
if (x_56 == 0)
{
uint8_t x_57; 
lean_dec(x_54);
x_57 = 0;
x_41 = x_52;
x_42 = x_57;
goto block_50;
}
else
{
uint8_t x_58; 
x_58 = lean_byte_array_fget(x_1, x_54);
lean_dec(x_54);
x_41 = x_52;
x_42 = x_58;
goto block_50;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hex4___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_hex4(x_1, x_2);
lean_dec(x_2);
lean_dec_ref(x_1);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_simpleEscape(uint8_t x_1) {
_start:
{
uint8_t x_2; uint8_t x_24; uint8_t x_25; 
x_24 = 34;
x_25 = lean_uint8_dec_eq(x_1, x_24);
if (x_25 == 0)
{
uint8_t x_26; uint8_t x_27; 
x_26 = 92;
x_27 = lean_uint8_dec_eq(x_1, x_26);
x_2 = x_27;
goto block_23;
}
else
{
x_2 = x_25;
goto block_23;
}
block_23:
{
if (x_2 == 0)
{
uint8_t x_3; uint8_t x_4; 
x_3 = 47;
x_4 = lean_uint8_dec_eq(x_1, x_3);
if (x_4 == 0)
{
uint8_t x_5; uint8_t x_6; 
x_5 = 110;
x_6 = lean_uint8_dec_eq(x_1, x_5);
if (x_6 == 0)
{
uint8_t x_7; uint8_t x_8; 
x_7 = 116;
x_8 = lean_uint8_dec_eq(x_1, x_7);
if (x_8 == 0)
{
uint8_t x_9; uint8_t x_10; 
x_9 = 114;
x_10 = lean_uint8_dec_eq(x_1, x_9);
if (x_10 == 0)
{
uint8_t x_11; uint8_t x_12; 
x_11 = 98;
x_12 = lean_uint8_dec_eq(x_1, x_11);
if (x_12 == 0)
{
uint8_t x_13; uint8_t x_14; 
x_13 = 102;
x_14 = lean_uint8_dec_eq(x_1, x_13);
if (x_14 == 0)
{
lean_object* x_15; 
x_15 = lean_unsigned_to_nat(0u);
return x_15;
}
else
{
lean_object* x_16; 
x_16 = lean_unsigned_to_nat(12u);
return x_16;
}
}
else
{
lean_object* x_17; 
x_17 = lean_unsigned_to_nat(8u);
return x_17;
}
}
else
{
lean_object* x_18; 
x_18 = lean_unsigned_to_nat(13u);
return x_18;
}
}
else
{
lean_object* x_19; 
x_19 = lean_unsigned_to_nat(9u);
return x_19;
}
}
else
{
lean_object* x_20; 
x_20 = lean_unsigned_to_nat(10u);
return x_20;
}
}
else
{
lean_object* x_21; 
x_21 = lean_uint8_to_nat(x_1);
return x_21;
}
}
else
{
lean_object* x_22; 
x_22 = lean_uint8_to_nat(x_1);
return x_22;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_simpleEscape___boxed(lean_object* x_1) {
_start:
{
uint8_t x_2; lean_object* x_3; 
x_2 = lean_unbox(x_1);
x_3 = lp_leanworker_LeanWorker_Json_simpleEscape(x_2);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipString___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("unknown escape in a string", 26, 26);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipString___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("four hexadecimal digits are expected after \\u", 45, 45);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipString___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("the string has no end", 21, 21);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipString___closed__3() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("raw control character in a string", 33, 33);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipString(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; uint8_t x_4; uint8_t x_26; lean_object* x_47; uint8_t x_48; 
x_3 = lp_leanworker_LeanWorker_Json_plainEnd(x_1, x_2);
x_47 = lean_byte_array_size(x_1);
x_48 = lean_nat_dec_lt(x_3, x_47);
if (x_48 == 0)
{
uint8_t x_49; 
x_49 = 0;
x_26 = x_49;
goto block_46;
}
else
{
uint8_t x_50; 
x_50 = lean_byte_array_fget(x_1, x_3);
x_26 = x_50;
goto block_46;
}
block_25:
{
uint8_t x_5; uint8_t x_6; 
x_5 = 117;
x_6 = lean_uint8_dec_eq(x_4, x_5);
if (x_6 == 0)
{
lean_object* x_7; lean_object* x_8; uint8_t x_9; 
x_7 = lp_leanworker_LeanWorker_Json_simpleEscape(x_4);
x_8 = lean_unsigned_to_nat(0u);
x_9 = lean_nat_dec_eq(x_7, x_8);
lean_dec(x_7);
if (x_9 == 0)
{
lean_object* x_10; lean_object* x_11; 
x_10 = lean_unsigned_to_nat(2u);
x_11 = lean_nat_add(x_3, x_10);
lean_dec(x_3);
x_2 = x_11;
goto _start;
}
else
{
lean_object* x_13; lean_object* x_14; 
x_13 = lp_leanworker_LeanWorker_Json_skipString___closed__0;
x_14 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_13);
return x_14;
}
}
else
{
lean_object* x_15; lean_object* x_16; lean_object* x_17; lean_object* x_18; uint8_t x_19; 
x_15 = lean_unsigned_to_nat(2u);
x_16 = lean_nat_add(x_3, x_15);
x_17 = lp_leanworker_LeanWorker_Json_hex4(x_1, x_16);
lean_dec(x_16);
x_18 = lean_unsigned_to_nat(65536u);
x_19 = lean_nat_dec_lt(x_17, x_18);
lean_dec(x_17);
if (x_19 == 0)
{
lean_object* x_20; lean_object* x_21; 
x_20 = lp_leanworker_LeanWorker_Json_skipString___closed__1;
x_21 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_20);
return x_21;
}
else
{
lean_object* x_22; lean_object* x_23; 
x_22 = lean_unsigned_to_nat(6u);
x_23 = lean_nat_add(x_3, x_22);
lean_dec(x_3);
x_2 = x_23;
goto _start;
}
}
}
block_46:
{
uint8_t x_27; uint8_t x_28; 
x_27 = 34;
x_28 = lean_uint8_dec_eq(x_26, x_27);
if (x_28 == 0)
{
uint8_t x_29; uint8_t x_30; 
x_29 = 92;
x_30 = lean_uint8_dec_eq(x_26, x_29);
if (x_30 == 0)
{
lean_object* x_31; uint8_t x_32; 
x_31 = lean_byte_array_size(x_1);
x_32 = lean_nat_dec_lt(x_3, x_31);
if (x_32 == 0)
{
lean_object* x_33; lean_object* x_34; 
x_33 = lp_leanworker_LeanWorker_Json_skipString___closed__2;
x_34 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_33);
return x_34;
}
else
{
lean_object* x_35; lean_object* x_36; 
x_35 = lp_leanworker_LeanWorker_Json_skipString___closed__3;
x_36 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_35);
return x_36;
}
}
else
{
lean_object* x_37; lean_object* x_38; lean_object* x_39; uint8_t x_40; 
x_37 = lean_unsigned_to_nat(1u);
x_38 = lean_nat_add(x_3, x_37);
x_39 = lean_byte_array_size(x_1);
x_40 = lean_nat_dec_lt(x_38, x_39);
if (x_40 == 0)
{
uint8_t x_41; 
lean_dec(x_38);
x_41 = 0;
x_4 = x_41;
goto block_25;
}
else
{
uint8_t x_42; 
x_42 = lean_byte_array_fget(x_1, x_38);
lean_dec(x_38);
x_4 = x_42;
goto block_25;
}
}
}
else
{
lean_object* x_43; lean_object* x_44; lean_object* x_45; 
x_43 = lean_unsigned_to_nat(1u);
x_44 = lean_nat_add(x_3, x_43);
lean_dec(x_3);
x_45 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_45, 0, x_44);
return x_45;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipString___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_skipString(x_1, x_2);
lean_dec_ref(x_1);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_decodeString___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("unpaired surrogate in a string", 30, 30);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_decodeString(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_5; lean_object* x_9; lean_object* x_10; lean_object* x_11; lean_object* x_12; lean_object* x_13; uint8_t x_14; lean_object* x_30; lean_object* x_31; lean_object* x_32; lean_object* x_33; lean_object* x_38; lean_object* x_39; lean_object* x_40; uint8_t x_41; lean_object* x_47; lean_object* x_48; lean_object* x_49; uint8_t x_50; uint8_t x_51; lean_object* x_54; uint8_t x_55; lean_object* x_56; uint8_t x_57; lean_object* x_58; uint8_t x_59; lean_object* x_68; lean_object* x_69; uint8_t x_76; lean_object* x_77; uint8_t x_78; lean_object* x_101; uint8_t x_102; lean_object* x_113; uint8_t x_119; 
lean_inc(x_3);
x_5 = lp_leanworker_LeanWorker_Json_plainEnd(x_2, x_3);
x_119 = lean_nat_dec_lt(x_3, x_5);
if (x_119 == 0)
{
lean_dec(x_3);
x_113 = x_4;
goto block_118;
}
else
{
lean_object* x_120; lean_object* x_121; 
x_120 = lean_string_utf8_extract(x_1, x_3, x_5);
lean_dec(x_3);
x_121 = lean_string_append(x_4, x_120);
lean_dec_ref(x_120);
x_113 = x_121;
goto block_118;
}
block_8:
{
lean_object* x_6; lean_object* x_7; 
x_6 = lp_leanworker_LeanWorker_Json_decodeString___closed__0;
x_7 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_5, x_6);
return x_7;
}
block_29:
{
if (x_14 == 0)
{
lean_dec(x_13);
lean_dec(x_11);
lean_dec_ref(x_10);
goto block_8;
}
else
{
lean_object* x_15; uint8_t x_16; 
x_15 = lean_unsigned_to_nat(57344u);
x_16 = lean_nat_dec_lt(x_13, x_15);
if (x_16 == 0)
{
lean_dec(x_13);
lean_dec(x_11);
lean_dec_ref(x_10);
goto block_8;
}
else
{
lean_object* x_17; lean_object* x_18; lean_object* x_19; lean_object* x_20; lean_object* x_21; lean_object* x_22; lean_object* x_23; lean_object* x_24; lean_object* x_25; uint32_t x_26; lean_object* x_27; 
x_17 = lean_unsigned_to_nat(12u);
x_18 = lean_nat_add(x_5, x_17);
lean_dec(x_5);
x_19 = lean_unsigned_to_nat(65536u);
x_20 = lean_nat_sub(x_11, x_9);
lean_dec(x_11);
x_21 = lean_unsigned_to_nat(1024u);
x_22 = lean_nat_mul(x_20, x_21);
lean_dec(x_20);
x_23 = lean_nat_add(x_19, x_22);
lean_dec(x_22);
x_24 = lean_nat_sub(x_13, x_12);
lean_dec(x_13);
x_25 = lean_nat_add(x_23, x_24);
lean_dec(x_24);
lean_dec(x_23);
x_26 = l_Char_ofNat(x_25);
lean_dec(x_25);
x_27 = lean_string_push(x_10, x_26);
x_3 = x_18;
x_4 = x_27;
goto _start;
}
}
}
block_37:
{
lean_object* x_34; uint8_t x_35; 
x_34 = lean_unsigned_to_nat(56320u);
x_35 = lean_nat_dec_lt(x_32, x_34);
if (x_35 == 0)
{
x_9 = x_30;
x_10 = x_31;
x_11 = x_32;
x_12 = x_34;
x_13 = x_33;
x_14 = x_35;
goto block_29;
}
else
{
uint8_t x_36; 
x_36 = lean_nat_dec_le(x_34, x_33);
x_9 = x_30;
x_10 = x_31;
x_11 = x_32;
x_12 = x_34;
x_13 = x_33;
x_14 = x_36;
goto block_29;
}
}
block_46:
{
if (x_41 == 0)
{
lean_object* x_42; 
x_42 = lean_unsigned_to_nat(0u);
x_30 = x_38;
x_31 = x_39;
x_32 = x_40;
x_33 = x_42;
goto block_37;
}
else
{
lean_object* x_43; lean_object* x_44; lean_object* x_45; 
x_43 = lean_unsigned_to_nat(8u);
x_44 = lean_nat_add(x_5, x_43);
x_45 = lp_leanworker_LeanWorker_Json_hex4(x_2, x_44);
lean_dec(x_44);
x_30 = x_38;
x_31 = x_39;
x_32 = x_40;
x_33 = x_45;
goto block_37;
}
}
block_53:
{
uint8_t x_52; 
x_52 = lean_uint8_dec_eq(x_51, x_50);
x_38 = x_47;
x_39 = x_48;
x_40 = x_49;
x_41 = x_52;
goto block_46;
}
block_67:
{
uint8_t x_60; 
x_60 = lean_uint8_dec_eq(x_59, x_55);
if (x_60 == 0)
{
x_38 = x_54;
x_39 = x_56;
x_40 = x_58;
x_41 = x_60;
goto block_46;
}
else
{
lean_object* x_61; lean_object* x_62; lean_object* x_63; uint8_t x_64; 
x_61 = lean_unsigned_to_nat(7u);
x_62 = lean_nat_add(x_5, x_61);
x_63 = lean_byte_array_size(x_2);
x_64 = lean_nat_dec_lt(x_62, x_63);
if (x_64 == 0)
{
uint8_t x_65; 
lean_dec(x_62);
x_65 = 0;
x_47 = x_54;
x_48 = x_56;
x_49 = x_58;
x_50 = x_57;
x_51 = x_65;
goto block_53;
}
else
{
uint8_t x_66; 
x_66 = lean_byte_array_fget(x_2, x_62);
lean_dec(x_62);
x_47 = x_54;
x_48 = x_56;
x_49 = x_58;
x_50 = x_57;
x_51 = x_66;
goto block_53;
}
}
}
block_75:
{
lean_object* x_70; lean_object* x_71; uint32_t x_72; lean_object* x_73; 
x_70 = lean_unsigned_to_nat(6u);
x_71 = lean_nat_add(x_5, x_70);
lean_dec(x_5);
x_72 = l_Char_ofNat(x_69);
lean_dec(x_69);
x_73 = lean_string_push(x_68, x_72);
x_3 = x_71;
x_4 = x_73;
goto _start;
}
block_100:
{
uint8_t x_79; uint8_t x_80; 
x_79 = 117;
x_80 = lean_uint8_dec_eq(x_78, x_79);
if (x_80 == 0)
{
lean_object* x_81; lean_object* x_82; lean_object* x_83; uint32_t x_84; lean_object* x_85; 
x_81 = lean_unsigned_to_nat(2u);
x_82 = lean_nat_add(x_5, x_81);
lean_dec(x_5);
x_83 = lp_leanworker_LeanWorker_Json_simpleEscape(x_78);
x_84 = l_Char_ofNat(x_83);
lean_dec(x_83);
x_85 = lean_string_push(x_77, x_84);
x_3 = x_82;
x_4 = x_85;
goto _start;
}
else
{
lean_object* x_87; lean_object* x_88; lean_object* x_89; lean_object* x_90; uint8_t x_91; 
x_87 = lean_unsigned_to_nat(2u);
x_88 = lean_nat_add(x_5, x_87);
x_89 = lp_leanworker_LeanWorker_Json_hex4(x_2, x_88);
lean_dec(x_88);
x_90 = lean_unsigned_to_nat(55296u);
x_91 = lean_nat_dec_lt(x_89, x_90);
if (x_91 == 0)
{
lean_object* x_92; uint8_t x_93; 
x_92 = lean_unsigned_to_nat(57344u);
x_93 = lean_nat_dec_le(x_92, x_89);
if (x_93 == 0)
{
lean_object* x_94; lean_object* x_95; lean_object* x_96; uint8_t x_97; 
x_94 = lean_unsigned_to_nat(6u);
x_95 = lean_nat_add(x_5, x_94);
x_96 = lean_byte_array_size(x_2);
x_97 = lean_nat_dec_lt(x_95, x_96);
if (x_97 == 0)
{
uint8_t x_98; 
lean_dec(x_95);
x_98 = 0;
x_54 = x_90;
x_55 = x_76;
x_56 = x_77;
x_57 = x_79;
x_58 = x_89;
x_59 = x_98;
goto block_67;
}
else
{
uint8_t x_99; 
x_99 = lean_byte_array_fget(x_2, x_95);
lean_dec(x_95);
x_54 = x_90;
x_55 = x_76;
x_56 = x_77;
x_57 = x_79;
x_58 = x_89;
x_59 = x_99;
goto block_67;
}
}
else
{
x_68 = x_77;
x_69 = x_89;
goto block_75;
}
}
else
{
x_68 = x_77;
x_69 = x_89;
goto block_75;
}
}
}
block_112:
{
uint8_t x_103; uint8_t x_104; 
x_103 = 92;
x_104 = lean_uint8_dec_eq(x_102, x_103);
if (x_104 == 0)
{
lean_object* x_105; 
lean_dec(x_5);
x_105 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_105, 0, x_101);
return x_105;
}
else
{
lean_object* x_106; lean_object* x_107; lean_object* x_108; uint8_t x_109; 
x_106 = lean_unsigned_to_nat(1u);
x_107 = lean_nat_add(x_5, x_106);
x_108 = lean_byte_array_size(x_2);
x_109 = lean_nat_dec_lt(x_107, x_108);
if (x_109 == 0)
{
uint8_t x_110; 
lean_dec(x_107);
x_110 = 0;
x_76 = x_103;
x_77 = x_101;
x_78 = x_110;
goto block_100;
}
else
{
uint8_t x_111; 
x_111 = lean_byte_array_fget(x_2, x_107);
lean_dec(x_107);
x_76 = x_103;
x_77 = x_101;
x_78 = x_111;
goto block_100;
}
}
}
block_118:
{
lean_object* x_114; uint8_t x_115; 
x_114 = lean_byte_array_size(x_2);
x_115 = lean_nat_dec_lt(x_5, x_114);
if (x_115 == 0)
{
uint8_t x_116; 
x_116 = 0;
x_101 = x_113;
x_102 = x_116;
goto block_112;
}
else
{
uint8_t x_117; 
x_117 = lean_byte_array_fget(x_2, x_5);
x_101 = x_113;
x_102 = x_117;
goto block_112;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_decodeString___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_5; 
x_5 = lp_leanworker_LeanWorker_Json_decodeString(x_1, x_2, x_3, x_4);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_5;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipDigits(lean_object* x_1, lean_object* x_2) {
_start:
{
uint8_t x_3; uint8_t x_8; lean_object* x_14; uint8_t x_15; 
x_14 = lean_byte_array_size(x_1);
x_15 = lean_nat_dec_lt(x_2, x_14);
if (x_15 == 0)
{
uint8_t x_16; 
x_16 = 0;
x_8 = x_16;
goto block_13;
}
else
{
uint8_t x_17; 
x_17 = lean_byte_array_fget(x_1, x_2);
x_8 = x_17;
goto block_13;
}
block_7:
{
if (x_3 == 0)
{
return x_2;
}
else
{
lean_object* x_4; lean_object* x_5; 
x_4 = lean_unsigned_to_nat(1u);
x_5 = lean_nat_add(x_2, x_4);
lean_dec(x_2);
x_2 = x_5;
goto _start;
}
}
block_13:
{
uint8_t x_9; uint8_t x_10; 
x_9 = 48;
x_10 = lean_uint8_dec_le(x_9, x_8);
if (x_10 == 0)
{
x_3 = x_10;
goto block_7;
}
else
{
uint8_t x_11; uint8_t x_12; 
x_11 = 57;
x_12 = lean_uint8_dec_le(x_8, x_11);
x_3 = x_12;
goto block_7;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipDigits___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_skipDigits(x_1, x_2);
lean_dec_ref(x_1);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a number lacks digits in its exponent", 37, 37);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a number lacks digits after its point", 37, 37);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a number begins with a needless 0", 33, 33);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__3() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a value is expected", 19, 19);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipNumber(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; lean_object* x_10; lean_object* x_14; uint8_t x_15; lean_object* x_16; uint8_t x_17; uint8_t x_22; lean_object* x_23; lean_object* x_24; uint8_t x_31; lean_object* x_32; lean_object* x_33; uint8_t x_34; uint8_t x_41; lean_object* x_42; lean_object* x_43; uint8_t x_54; lean_object* x_55; uint8_t x_56; uint8_t x_63; lean_object* x_64; uint8_t x_65; uint8_t x_73; lean_object* x_74; lean_object* x_75; uint8_t x_76; uint8_t x_83; lean_object* x_84; uint8_t x_94; lean_object* x_100; uint8_t x_101; 
x_100 = lean_byte_array_size(x_1);
x_101 = lean_nat_dec_lt(x_2, x_100);
if (x_101 == 0)
{
uint8_t x_102; 
x_102 = 0;
x_94 = x_102;
goto block_99;
}
else
{
uint8_t x_103; 
x_103 = lean_byte_array_fget(x_1, x_2);
x_94 = x_103;
goto block_99;
}
block_9:
{
lean_object* x_4; uint8_t x_5; 
lean_inc(x_3);
x_4 = lp_leanworker_LeanWorker_Json_skipDigits(x_1, x_3);
x_5 = lean_nat_dec_eq(x_4, x_3);
lean_dec(x_3);
if (x_5 == 0)
{
lean_object* x_6; 
lean_dec(x_2);
x_6 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_6, 0, x_4);
return x_6;
}
else
{
lean_object* x_7; lean_object* x_8; 
lean_dec(x_4);
x_7 = lp_leanworker_LeanWorker_Json_skipNumber___closed__0;
x_8 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_2, x_7);
return x_8;
}
}
block_13:
{
lean_object* x_11; lean_object* x_12; 
x_11 = lean_unsigned_to_nat(2u);
x_12 = lean_nat_add(x_10, x_11);
lean_dec(x_10);
x_3 = x_12;
goto block_9;
}
block_21:
{
uint8_t x_18; uint8_t x_19; 
x_18 = 43;
x_19 = lean_uint8_dec_eq(x_17, x_18);
if (x_19 == 0)
{
uint8_t x_20; 
x_20 = lean_uint8_dec_eq(x_17, x_15);
if (x_20 == 0)
{
lean_dec(x_16);
x_3 = x_14;
goto block_9;
}
else
{
lean_dec(x_14);
x_10 = x_16;
goto block_13;
}
}
else
{
lean_dec(x_14);
x_10 = x_16;
goto block_13;
}
}
block_30:
{
lean_object* x_25; lean_object* x_26; uint8_t x_27; 
x_25 = lean_nat_add(x_24, x_23);
x_26 = lean_byte_array_size(x_1);
x_27 = lean_nat_dec_lt(x_25, x_26);
if (x_27 == 0)
{
uint8_t x_28; 
x_28 = 0;
x_14 = x_25;
x_15 = x_22;
x_16 = x_24;
x_17 = x_28;
goto block_21;
}
else
{
uint8_t x_29; 
x_29 = lean_byte_array_fget(x_1, x_25);
x_14 = x_25;
x_15 = x_22;
x_16 = x_24;
x_17 = x_29;
goto block_21;
}
}
block_40:
{
uint8_t x_35; uint8_t x_36; 
x_35 = 101;
x_36 = lean_uint8_dec_eq(x_34, x_35);
if (x_36 == 0)
{
uint8_t x_37; uint8_t x_38; 
x_37 = 69;
x_38 = lean_uint8_dec_eq(x_34, x_37);
if (x_38 == 0)
{
lean_object* x_39; 
lean_dec(x_2);
x_39 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_39, 0, x_33);
return x_39;
}
else
{
x_22 = x_31;
x_23 = x_32;
x_24 = x_33;
goto block_30;
}
}
else
{
x_22 = x_31;
x_23 = x_32;
x_24 = x_33;
goto block_30;
}
}
block_53:
{
lean_object* x_44; lean_object* x_45; uint8_t x_46; 
x_44 = lean_unsigned_to_nat(1u);
x_45 = lean_nat_add(x_42, x_44);
lean_dec(x_42);
x_46 = lean_nat_dec_eq(x_43, x_45);
lean_dec(x_45);
if (x_46 == 0)
{
lean_object* x_47; uint8_t x_48; 
x_47 = lean_byte_array_size(x_1);
x_48 = lean_nat_dec_lt(x_43, x_47);
if (x_48 == 0)
{
uint8_t x_49; 
x_49 = 0;
x_31 = x_41;
x_32 = x_44;
x_33 = x_43;
x_34 = x_49;
goto block_40;
}
else
{
uint8_t x_50; 
x_50 = lean_byte_array_fget(x_1, x_43);
x_31 = x_41;
x_32 = x_44;
x_33 = x_43;
x_34 = x_50;
goto block_40;
}
}
else
{
lean_object* x_51; lean_object* x_52; 
lean_dec(x_43);
x_51 = lp_leanworker_LeanWorker_Json_skipNumber___closed__1;
x_52 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_2, x_51);
return x_52;
}
}
block_62:
{
uint8_t x_57; uint8_t x_58; 
x_57 = 46;
x_58 = lean_uint8_dec_eq(x_56, x_57);
if (x_58 == 0)
{
lean_inc(x_55);
x_41 = x_54;
x_42 = x_55;
x_43 = x_55;
goto block_53;
}
else
{
lean_object* x_59; lean_object* x_60; lean_object* x_61; 
x_59 = lean_unsigned_to_nat(1u);
x_60 = lean_nat_add(x_55, x_59);
x_61 = lp_leanworker_LeanWorker_Json_skipDigits(x_1, x_60);
x_41 = x_54;
x_42 = x_55;
x_43 = x_61;
goto block_53;
}
}
block_72:
{
if (x_65 == 0)
{
lean_object* x_66; uint8_t x_67; 
x_66 = lean_byte_array_size(x_1);
x_67 = lean_nat_dec_lt(x_64, x_66);
if (x_67 == 0)
{
uint8_t x_68; 
x_68 = 0;
x_54 = x_63;
x_55 = x_64;
x_56 = x_68;
goto block_62;
}
else
{
uint8_t x_69; 
x_69 = lean_byte_array_fget(x_1, x_64);
x_54 = x_63;
x_55 = x_64;
x_56 = x_69;
goto block_62;
}
}
else
{
lean_object* x_70; lean_object* x_71; 
lean_dec(x_64);
x_70 = lp_leanworker_LeanWorker_Json_skipNumber___closed__2;
x_71 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_2, x_70);
return x_71;
}
}
block_82:
{
uint8_t x_77; uint8_t x_78; 
x_77 = 48;
x_78 = lean_uint8_dec_eq(x_76, x_77);
if (x_78 == 0)
{
lean_dec(x_75);
x_63 = x_73;
x_64 = x_74;
x_65 = x_78;
goto block_72;
}
else
{
lean_object* x_79; lean_object* x_80; uint8_t x_81; 
x_79 = lean_unsigned_to_nat(1u);
x_80 = lean_nat_add(x_75, x_79);
lean_dec(x_75);
x_81 = lean_nat_dec_lt(x_80, x_74);
lean_dec(x_80);
x_63 = x_73;
x_64 = x_74;
x_65 = x_81;
goto block_72;
}
}
block_93:
{
lean_object* x_85; uint8_t x_86; 
lean_inc(x_84);
x_85 = lp_leanworker_LeanWorker_Json_skipDigits(x_1, x_84);
x_86 = lean_nat_dec_eq(x_85, x_84);
if (x_86 == 0)
{
lean_object* x_87; uint8_t x_88; 
x_87 = lean_byte_array_size(x_1);
x_88 = lean_nat_dec_lt(x_84, x_87);
if (x_88 == 0)
{
uint8_t x_89; 
x_89 = 0;
x_73 = x_83;
x_74 = x_85;
x_75 = x_84;
x_76 = x_89;
goto block_82;
}
else
{
uint8_t x_90; 
x_90 = lean_byte_array_fget(x_1, x_84);
x_73 = x_83;
x_74 = x_85;
x_75 = x_84;
x_76 = x_90;
goto block_82;
}
}
else
{
lean_object* x_91; lean_object* x_92; 
lean_dec(x_85);
lean_dec(x_84);
x_91 = lp_leanworker_LeanWorker_Json_skipNumber___closed__3;
x_92 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_2, x_91);
return x_92;
}
}
block_99:
{
uint8_t x_95; uint8_t x_96; 
x_95 = 45;
x_96 = lean_uint8_dec_eq(x_94, x_95);
if (x_96 == 0)
{
lean_inc(x_2);
x_83 = x_95;
x_84 = x_2;
goto block_93;
}
else
{
lean_object* x_97; lean_object* x_98; 
x_97 = lean_unsigned_to_nat(1u);
x_98 = lean_nat_add(x_2, x_97);
x_83 = x_95;
x_84 = x_98;
goto block_93;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipNumber___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Json_skipNumber(x_1, x_2);
lean_dec_ref(x_1);
return x_3;
}
}
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Json_hasWord(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
uint8_t x_5; uint8_t x_6; uint8_t x_12; lean_object* x_18; uint8_t x_19; 
x_18 = lean_byte_array_size(x_3);
x_19 = lean_nat_dec_lt(x_4, x_18);
if (x_19 == 0)
{
uint8_t x_20; 
lean_dec(x_4);
x_20 = 1;
return x_20;
}
else
{
lean_object* x_21; lean_object* x_22; uint8_t x_23; 
x_21 = lean_nat_add(x_2, x_4);
x_22 = lean_byte_array_size(x_1);
x_23 = lean_nat_dec_lt(x_21, x_22);
if (x_23 == 0)
{
uint8_t x_24; 
lean_dec(x_21);
x_24 = 0;
x_12 = x_24;
goto block_17;
}
else
{
uint8_t x_25; 
x_25 = lean_byte_array_fget(x_1, x_21);
lean_dec(x_21);
x_12 = x_25;
goto block_17;
}
}
block_11:
{
uint8_t x_7; 
x_7 = lean_uint8_dec_eq(x_5, x_6);
if (x_7 == 0)
{
lean_dec(x_4);
return x_7;
}
else
{
lean_object* x_8; lean_object* x_9; 
x_8 = lean_unsigned_to_nat(1u);
x_9 = lean_nat_add(x_4, x_8);
lean_dec(x_4);
x_4 = x_9;
goto _start;
}
}
block_17:
{
lean_object* x_13; uint8_t x_14; 
x_13 = lean_byte_array_size(x_3);
x_14 = lean_nat_dec_lt(x_4, x_13);
if (x_14 == 0)
{
uint8_t x_15; 
x_15 = 0;
x_5 = x_12;
x_6 = x_15;
goto block_11;
}
else
{
uint8_t x_16; 
x_16 = lean_byte_array_fget(x_3, x_4);
x_5 = x_12;
x_6 = x_16;
goto block_11;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_hasWord___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
uint8_t x_5; lean_object* x_6; 
x_5 = lp_leanworker_LeanWorker_Json_hasWord(x_1, x_2, x_3, x_4);
lean_dec_ref(x_3);
lean_dec(x_2);
lean_dec_ref(x_1);
x_6 = lean_box(x_5);
return x_6;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipItems___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a comma or ] is expected", 24, 24);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipFields___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a comma or } is expected", 24, 24);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipFields___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a colon is expected", 19, 19);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipFields___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a field name is expected", 24, 24);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipFields(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; lean_object* x_5; uint8_t x_6; lean_object* x_19; lean_object* x_20; uint8_t x_21; uint8_t x_36; lean_object* x_51; uint8_t x_52; 
x_51 = lean_byte_array_size(x_1);
x_52 = lean_nat_dec_lt(x_3, x_51);
if (x_52 == 0)
{
uint8_t x_53; 
x_53 = 0;
x_36 = x_53;
goto block_50;
}
else
{
uint8_t x_54; 
x_54 = lean_byte_array_fget(x_1, x_3);
x_36 = x_54;
goto block_50;
}
block_18:
{
uint8_t x_7; uint8_t x_8; 
x_7 = 44;
x_8 = lean_uint8_dec_eq(x_6, x_7);
if (x_8 == 0)
{
uint8_t x_9; uint8_t x_10; 
x_9 = 125;
x_10 = lean_uint8_dec_eq(x_6, x_9);
if (x_10 == 0)
{
lean_object* x_11; lean_object* x_12; 
x_11 = lp_leanworker_LeanWorker_Json_skipFields___closed__0;
x_12 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_5, x_11);
return x_12;
}
else
{
lean_object* x_13; lean_object* x_14; 
x_13 = lean_nat_add(x_5, x_4);
lean_dec(x_5);
x_14 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_14, 0, x_13);
return x_14;
}
}
else
{
lean_object* x_15; lean_object* x_16; 
x_15 = lean_nat_add(x_5, x_4);
lean_dec(x_5);
x_16 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_15);
x_3 = x_16;
goto _start;
}
}
block_35:
{
uint8_t x_22; uint8_t x_23; 
x_22 = 58;
x_23 = lean_uint8_dec_eq(x_21, x_22);
if (x_23 == 0)
{
lean_object* x_24; lean_object* x_25; 
x_24 = lp_leanworker_LeanWorker_Json_skipFields___closed__1;
x_25 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_20, x_24);
return x_25;
}
else
{
lean_object* x_26; lean_object* x_27; lean_object* x_28; 
x_26 = lean_nat_add(x_20, x_19);
lean_dec(x_20);
x_27 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_26);
x_28 = lp_leanworker_LeanWorker_Json_skipValue(x_1, x_2, x_27);
if (lean_obj_tag(x_28) == 0)
{
return x_28;
}
else
{
lean_object* x_29; lean_object* x_30; lean_object* x_31; uint8_t x_32; 
x_29 = lean_ctor_get(x_28, 0);
lean_inc(x_29);
lean_dec_ref(x_28);
x_30 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_29);
x_31 = lean_byte_array_size(x_1);
x_32 = lean_nat_dec_lt(x_30, x_31);
if (x_32 == 0)
{
uint8_t x_33; 
x_33 = 0;
x_4 = x_19;
x_5 = x_30;
x_6 = x_33;
goto block_18;
}
else
{
uint8_t x_34; 
x_34 = lean_byte_array_fget(x_1, x_30);
x_4 = x_19;
x_5 = x_30;
x_6 = x_34;
goto block_18;
}
}
}
}
block_50:
{
uint8_t x_37; uint8_t x_38; 
x_37 = 34;
x_38 = lean_uint8_dec_eq(x_36, x_37);
if (x_38 == 0)
{
lean_object* x_39; lean_object* x_40; 
x_39 = lp_leanworker_LeanWorker_Json_skipFields___closed__2;
x_40 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_39);
return x_40;
}
else
{
lean_object* x_41; lean_object* x_42; lean_object* x_43; 
x_41 = lean_unsigned_to_nat(1u);
x_42 = lean_nat_add(x_3, x_41);
lean_dec(x_3);
x_43 = lp_leanworker_LeanWorker_Json_skipString(x_1, x_42);
if (lean_obj_tag(x_43) == 0)
{
return x_43;
}
else
{
lean_object* x_44; lean_object* x_45; lean_object* x_46; uint8_t x_47; 
x_44 = lean_ctor_get(x_43, 0);
lean_inc(x_44);
lean_dec_ref(x_43);
x_45 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_44);
x_46 = lean_byte_array_size(x_1);
x_47 = lean_nat_dec_lt(x_45, x_46);
if (x_47 == 0)
{
uint8_t x_48; 
x_48 = 0;
x_19 = x_41;
x_20 = x_45;
x_21 = x_48;
goto block_35;
}
else
{
uint8_t x_49; 
x_49 = lean_byte_array_fget(x_1, x_45);
x_19 = x_41;
x_20 = x_45;
x_21 = x_49;
goto block_35;
}
}
}
}
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipValue___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("nested too deeply", 17, 17);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipValue___closed__1() {
_start:
{
lean_object* x_1; lean_object* x_2; 
x_1 = lp_leanworker_LeanWorker_Json_bool___closed__1;
x_2 = lean_string_to_utf8(x_1);
return x_2;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipValue___closed__2() {
_start:
{
lean_object* x_1; lean_object* x_2; 
x_1 = lp_leanworker_LeanWorker_Json_bool___closed__0;
x_2 = lean_string_to_utf8(x_1);
return x_2;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipValue___closed__3() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("null", 4, 4);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Json_skipValue___closed__4() {
_start:
{
lean_object* x_1; lean_object* x_2; 
x_1 = lp_leanworker_LeanWorker_Json_skipValue___closed__3;
x_2 = lean_string_to_utf8(x_1);
return x_2;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipValue(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; uint8_t x_5; uint8_t x_6; lean_object* x_7; uint8_t x_8; lean_object* x_17; uint8_t x_18; lean_object* x_19; uint8_t x_20; uint8_t x_24; uint8_t x_37; lean_object* x_65; uint8_t x_66; 
x_65 = lean_byte_array_size(x_1);
x_66 = lean_nat_dec_lt(x_3, x_65);
if (x_66 == 0)
{
uint8_t x_67; 
x_67 = 0;
x_37 = x_67;
goto block_64;
}
else
{
uint8_t x_68; 
x_68 = lean_byte_array_fget(x_1, x_3);
x_37 = x_68;
goto block_64;
}
block_16:
{
uint8_t x_9; 
x_9 = lean_uint8_dec_eq(x_6, x_8);
if (x_9 == 0)
{
if (x_5 == 0)
{
lean_object* x_10; lean_object* x_11; 
x_10 = lean_nat_sub(x_2, x_7);
x_11 = lp_leanworker_LeanWorker_Json_skipItems(x_1, x_10, x_4);
lean_dec(x_10);
return x_11;
}
else
{
lean_object* x_12; lean_object* x_13; 
x_12 = lean_nat_sub(x_2, x_7);
x_13 = lp_leanworker_LeanWorker_Json_skipFields(x_1, x_12, x_4);
lean_dec(x_12);
return x_13;
}
}
else
{
lean_object* x_14; lean_object* x_15; 
x_14 = lean_nat_add(x_4, x_7);
lean_dec(x_4);
x_15 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_15, 0, x_14);
return x_15;
}
}
block_23:
{
if (x_18 == 0)
{
uint8_t x_21; 
x_21 = 93;
x_4 = x_17;
x_5 = x_18;
x_6 = x_20;
x_7 = x_19;
x_8 = x_21;
goto block_16;
}
else
{
uint8_t x_22; 
x_22 = 125;
x_4 = x_17;
x_5 = x_18;
x_6 = x_20;
x_7 = x_19;
x_8 = x_22;
goto block_16;
}
}
block_36:
{
lean_object* x_25; uint8_t x_26; 
x_25 = lean_unsigned_to_nat(0u);
x_26 = lean_nat_dec_eq(x_2, x_25);
if (x_26 == 0)
{
lean_object* x_27; lean_object* x_28; lean_object* x_29; lean_object* x_30; uint8_t x_31; 
x_27 = lean_unsigned_to_nat(1u);
x_28 = lean_nat_add(x_3, x_27);
lean_dec(x_3);
x_29 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_28);
x_30 = lean_byte_array_size(x_1);
x_31 = lean_nat_dec_lt(x_29, x_30);
if (x_31 == 0)
{
uint8_t x_32; 
x_32 = 0;
x_17 = x_29;
x_18 = x_24;
x_19 = x_27;
x_20 = x_32;
goto block_23;
}
else
{
uint8_t x_33; 
x_33 = lean_byte_array_fget(x_1, x_29);
x_17 = x_29;
x_18 = x_24;
x_19 = x_27;
x_20 = x_33;
goto block_23;
}
}
else
{
lean_object* x_34; lean_object* x_35; 
x_34 = lp_leanworker_LeanWorker_Json_skipValue___closed__0;
x_35 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_34);
return x_35;
}
}
block_64:
{
uint8_t x_38; uint8_t x_39; 
x_38 = 34;
x_39 = lean_uint8_dec_eq(x_37, x_38);
if (x_39 == 0)
{
uint8_t x_40; uint8_t x_41; 
x_40 = 123;
x_41 = lean_uint8_dec_eq(x_37, x_40);
if (x_41 == 0)
{
uint8_t x_42; uint8_t x_43; 
x_42 = 91;
x_43 = lean_uint8_dec_eq(x_37, x_42);
if (x_43 == 0)
{
lean_object* x_44; lean_object* x_45; uint8_t x_46; 
x_44 = lp_leanworker_LeanWorker_Json_skipValue___closed__1;
x_45 = lean_unsigned_to_nat(0u);
x_46 = lp_leanworker_LeanWorker_Json_hasWord(x_1, x_3, x_44, x_45);
if (x_46 == 0)
{
lean_object* x_47; uint8_t x_48; 
x_47 = lp_leanworker_LeanWorker_Json_skipValue___closed__2;
x_48 = lp_leanworker_LeanWorker_Json_hasWord(x_1, x_3, x_47, x_45);
if (x_48 == 0)
{
lean_object* x_49; uint8_t x_50; 
x_49 = lp_leanworker_LeanWorker_Json_skipValue___closed__4;
x_50 = lp_leanworker_LeanWorker_Json_hasWord(x_1, x_3, x_49, x_45);
if (x_50 == 0)
{
lean_object* x_51; 
x_51 = lp_leanworker_LeanWorker_Json_skipNumber(x_1, x_3);
return x_51;
}
else
{
lean_object* x_52; lean_object* x_53; lean_object* x_54; 
x_52 = lean_unsigned_to_nat(4u);
x_53 = lean_nat_add(x_3, x_52);
lean_dec(x_3);
x_54 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_54, 0, x_53);
return x_54;
}
}
else
{
lean_object* x_55; lean_object* x_56; lean_object* x_57; 
x_55 = lean_unsigned_to_nat(5u);
x_56 = lean_nat_add(x_3, x_55);
lean_dec(x_3);
x_57 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_57, 0, x_56);
return x_57;
}
}
else
{
lean_object* x_58; lean_object* x_59; lean_object* x_60; 
x_58 = lean_unsigned_to_nat(4u);
x_59 = lean_nat_add(x_3, x_58);
lean_dec(x_3);
x_60 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_60, 0, x_59);
return x_60;
}
}
else
{
x_24 = x_41;
goto block_36;
}
}
else
{
x_24 = x_41;
goto block_36;
}
}
else
{
lean_object* x_61; lean_object* x_62; lean_object* x_63; 
x_61 = lean_unsigned_to_nat(1u);
x_62 = lean_nat_add(x_3, x_61);
lean_dec(x_3);
x_63 = lp_leanworker_LeanWorker_Json_skipString(x_1, x_62);
return x_63;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipItems(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_skipValue(x_1, x_2, x_3);
if (lean_obj_tag(x_4) == 0)
{
return x_4;
}
else
{
lean_object* x_5; lean_object* x_6; lean_object* x_7; uint8_t x_8; lean_object* x_23; uint8_t x_24; 
x_5 = lean_ctor_get(x_4, 0);
lean_inc(x_5);
if (lean_is_exclusive(x_4)) {
 lean_ctor_release(x_4, 0);
 x_6 = x_4;
} else {
 lean_dec_ref(x_4);
 x_6 = lean_box(0);
}
x_7 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_5);
x_23 = lean_byte_array_size(x_1);
x_24 = lean_nat_dec_lt(x_7, x_23);
if (x_24 == 0)
{
uint8_t x_25; 
x_25 = 0;
x_8 = x_25;
goto block_22;
}
else
{
uint8_t x_26; 
x_26 = lean_byte_array_fget(x_1, x_7);
x_8 = x_26;
goto block_22;
}
block_22:
{
uint8_t x_9; uint8_t x_10; 
x_9 = 44;
x_10 = lean_uint8_dec_eq(x_8, x_9);
if (x_10 == 0)
{
uint8_t x_11; uint8_t x_12; 
x_11 = 93;
x_12 = lean_uint8_dec_eq(x_8, x_11);
if (x_12 == 0)
{
lean_object* x_13; lean_object* x_14; 
lean_dec(x_6);
x_13 = lp_leanworker_LeanWorker_Json_skipItems___closed__0;
x_14 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_7, x_13);
return x_14;
}
else
{
lean_object* x_15; lean_object* x_16; lean_object* x_17; 
x_15 = lean_unsigned_to_nat(1u);
x_16 = lean_nat_add(x_7, x_15);
lean_dec(x_7);
if (lean_is_scalar(x_6)) {
 x_17 = lean_alloc_ctor(1, 1, 0);
} else {
 x_17 = x_6;
}
lean_ctor_set(x_17, 0, x_16);
return x_17;
}
}
else
{
lean_object* x_18; lean_object* x_19; lean_object* x_20; 
lean_dec(x_6);
x_18 = lean_unsigned_to_nat(1u);
x_19 = lean_nat_add(x_7, x_18);
lean_dec(x_7);
x_20 = lp_leanworker_LeanWorker_Json_skipSpace(x_1, x_19);
x_3 = x_20;
goto _start;
}
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipItems___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_skipItems(x_1, x_2, x_3);
lean_dec(x_2);
lean_dec_ref(x_1);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipFields___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_skipFields(x_1, x_2, x_3);
lean_dec(x_2);
lean_dec_ref(x_1);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Json_skipValue___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Json_skipValue(x_1, x_2, x_3);
lean_dec(x_2);
lean_dec_ref(x_1);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_find(lean_object* x_1, lean_object* x_2) {
_start:
{
if (lean_obj_tag(x_1) == 0)
{
lean_object* x_3; 
x_3 = lean_box(0);
return x_3;
}
else
{
lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; uint8_t x_8; 
x_4 = lean_ctor_get(x_1, 0);
x_5 = lean_ctor_get(x_1, 1);
x_6 = lean_ctor_get(x_4, 0);
x_7 = lean_ctor_get(x_4, 1);
x_8 = lean_string_dec_eq(x_6, x_2);
if (x_8 == 0)
{
x_1 = x_5;
goto _start;
}
else
{
lean_object* x_10; 
lean_inc(x_7);
x_10 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_10, 0, x_7);
return x_10;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_find___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Request_find(x_1, x_2);
lean_dec_ref(x_2);
lean_dec(x_1);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_readFields___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("text after the request object", 29, 29);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_readFields___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("field ", 6, 6);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_readFields___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(" is given twice", 15, 15);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_readFields(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_5; lean_object* x_6; lean_object* x_7; uint8_t x_8; lean_object* x_26; lean_object* x_27; lean_object* x_28; uint8_t x_29; uint8_t x_57; lean_object* x_81; uint8_t x_82; 
x_81 = lean_byte_array_size(x_2);
x_82 = lean_nat_dec_lt(x_3, x_81);
if (x_82 == 0)
{
uint8_t x_83; 
x_83 = 0;
x_57 = x_83;
goto block_80;
}
else
{
uint8_t x_84; 
x_84 = lean_byte_array_fget(x_2, x_3);
x_57 = x_84;
goto block_80;
}
block_25:
{
uint8_t x_9; uint8_t x_10; 
x_9 = 44;
x_10 = lean_uint8_dec_eq(x_8, x_9);
if (x_10 == 0)
{
uint8_t x_11; uint8_t x_12; 
x_11 = 125;
x_12 = lean_uint8_dec_eq(x_8, x_11);
if (x_12 == 0)
{
lean_object* x_13; lean_object* x_14; 
lean_dec(x_6);
x_13 = lp_leanworker_LeanWorker_Json_skipFields___closed__0;
x_14 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_5, x_13);
return x_14;
}
else
{
lean_object* x_15; lean_object* x_16; lean_object* x_17; uint8_t x_18; 
x_15 = lean_nat_add(x_5, x_7);
lean_dec(x_5);
x_16 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_15);
x_17 = lean_byte_array_size(x_2);
x_18 = lean_nat_dec_lt(x_16, x_17);
if (x_18 == 0)
{
lean_object* x_19; 
lean_dec(x_16);
x_19 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_19, 0, x_6);
return x_19;
}
else
{
lean_object* x_20; lean_object* x_21; 
lean_dec(x_6);
x_20 = lp_leanworker_LeanWorker_Request_readFields___closed__0;
x_21 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_16, x_20);
return x_21;
}
}
}
else
{
lean_object* x_22; lean_object* x_23; 
x_22 = lean_nat_add(x_5, x_7);
lean_dec(x_5);
x_23 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_22);
x_3 = x_23;
x_4 = x_6;
goto _start;
}
}
block_56:
{
uint8_t x_30; uint8_t x_31; 
x_30 = 58;
x_31 = lean_uint8_dec_eq(x_29, x_30);
if (x_31 == 0)
{
lean_object* x_32; lean_object* x_33; 
lean_dec_ref(x_28);
lean_dec(x_4);
lean_dec(x_3);
x_32 = lp_leanworker_LeanWorker_Json_skipFields___closed__1;
x_33 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_26, x_32);
return x_33;
}
else
{
lean_object* x_34; 
x_34 = lp_leanworker_LeanWorker_Request_find(x_4, x_28);
if (lean_obj_tag(x_34) == 0)
{
lean_object* x_35; lean_object* x_36; lean_object* x_37; lean_object* x_38; 
lean_dec(x_3);
x_35 = lean_nat_add(x_26, x_27);
lean_dec(x_26);
x_36 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_35);
x_37 = lean_unsigned_to_nat(64u);
lean_inc(x_36);
x_38 = lp_leanworker_LeanWorker_Json_skipValue(x_2, x_37, x_36);
if (lean_obj_tag(x_38) == 0)
{
uint8_t x_39; 
lean_dec(x_36);
lean_dec_ref(x_28);
lean_dec(x_4);
x_39 = !lean_is_exclusive(x_38);
if (x_39 == 0)
{
return x_38;
}
else
{
lean_object* x_40; lean_object* x_41; 
x_40 = lean_ctor_get(x_38, 0);
lean_inc(x_40);
lean_dec(x_38);
x_41 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_41, 0, x_40);
return x_41;
}
}
else
{
lean_object* x_42; lean_object* x_43; lean_object* x_44; lean_object* x_45; lean_object* x_46; uint8_t x_47; 
x_42 = lean_ctor_get(x_38, 0);
lean_inc(x_42);
lean_dec_ref(x_38);
x_43 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_42);
x_44 = lean_alloc_ctor(0, 2, 0);
lean_ctor_set(x_44, 0, x_28);
lean_ctor_set(x_44, 1, x_36);
x_45 = lean_alloc_ctor(1, 2, 0);
lean_ctor_set(x_45, 0, x_44);
lean_ctor_set(x_45, 1, x_4);
x_46 = lean_byte_array_size(x_2);
x_47 = lean_nat_dec_lt(x_43, x_46);
if (x_47 == 0)
{
uint8_t x_48; 
x_48 = 0;
x_5 = x_43;
x_6 = x_45;
x_7 = x_27;
x_8 = x_48;
goto block_25;
}
else
{
uint8_t x_49; 
x_49 = lean_byte_array_fget(x_2, x_43);
x_5 = x_43;
x_6 = x_45;
x_7 = x_27;
x_8 = x_49;
goto block_25;
}
}
}
else
{
lean_object* x_50; lean_object* x_51; lean_object* x_52; lean_object* x_53; lean_object* x_54; lean_object* x_55; 
lean_dec_ref(x_34);
lean_dec(x_26);
lean_dec(x_4);
x_50 = lp_leanworker_LeanWorker_Request_readFields___closed__1;
x_51 = lp_leanworker_LeanWorker_Json_str(x_28);
lean_dec_ref(x_28);
x_52 = lean_string_append(x_50, x_51);
lean_dec_ref(x_51);
x_53 = lp_leanworker_LeanWorker_Request_readFields___closed__2;
x_54 = lean_string_append(x_52, x_53);
x_55 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_54);
lean_dec_ref(x_54);
return x_55;
}
}
}
block_80:
{
uint8_t x_58; uint8_t x_59; 
x_58 = 34;
x_59 = lean_uint8_dec_eq(x_57, x_58);
if (x_59 == 0)
{
lean_object* x_60; lean_object* x_61; 
lean_dec(x_4);
x_60 = lp_leanworker_LeanWorker_Json_skipFields___closed__2;
x_61 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_3, x_60);
return x_61;
}
else
{
lean_object* x_62; lean_object* x_63; lean_object* x_64; 
x_62 = lean_unsigned_to_nat(1u);
x_63 = lean_nat_add(x_3, x_62);
lean_inc(x_63);
x_64 = lp_leanworker_LeanWorker_Json_skipString(x_2, x_63);
if (lean_obj_tag(x_64) == 0)
{
uint8_t x_65; 
lean_dec(x_63);
lean_dec(x_4);
lean_dec(x_3);
x_65 = !lean_is_exclusive(x_64);
if (x_65 == 0)
{
return x_64;
}
else
{
lean_object* x_66; lean_object* x_67; 
x_66 = lean_ctor_get(x_64, 0);
lean_inc(x_66);
lean_dec(x_64);
x_67 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_67, 0, x_66);
return x_67;
}
}
else
{
lean_object* x_68; lean_object* x_69; lean_object* x_70; 
x_68 = lean_ctor_get(x_64, 0);
lean_inc(x_68);
lean_dec_ref(x_64);
x_69 = lp_leanworker_LeanWorker_Json_obj___closed__0;
x_70 = lp_leanworker_LeanWorker_Json_decodeString(x_1, x_2, x_63, x_69);
if (lean_obj_tag(x_70) == 0)
{
uint8_t x_71; 
lean_dec(x_68);
lean_dec(x_4);
lean_dec(x_3);
x_71 = !lean_is_exclusive(x_70);
if (x_71 == 0)
{
return x_70;
}
else
{
lean_object* x_72; lean_object* x_73; 
x_72 = lean_ctor_get(x_70, 0);
lean_inc(x_72);
lean_dec(x_70);
x_73 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_73, 0, x_72);
return x_73;
}
}
else
{
lean_object* x_74; lean_object* x_75; lean_object* x_76; uint8_t x_77; 
x_74 = lean_ctor_get(x_70, 0);
lean_inc(x_74);
lean_dec_ref(x_70);
x_75 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_68);
x_76 = lean_byte_array_size(x_2);
x_77 = lean_nat_dec_lt(x_75, x_76);
if (x_77 == 0)
{
uint8_t x_78; 
x_78 = 0;
x_26 = x_75;
x_27 = x_62;
x_28 = x_74;
x_29 = x_78;
goto block_56;
}
else
{
uint8_t x_79; 
x_79 = lean_byte_array_fget(x_2, x_75);
x_26 = x_75;
x_27 = x_62;
x_28 = x_74;
x_29 = x_79;
goto block_56;
}
}
}
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_readFields___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_5; 
x_5 = lp_leanworker_LeanWorker_Request_readFields(x_1, x_2, x_3, x_4);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_5;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_parse___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("a request is a JSON object", 26, 26);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_parse(lean_object* x_1) {
_start:
{
lean_object* x_2; lean_object* x_3; lean_object* x_4; uint8_t x_5; lean_object* x_29; lean_object* x_30; uint8_t x_31; lean_object* x_44; uint8_t x_45; 
x_2 = lean_string_to_utf8(x_1);
x_29 = lean_unsigned_to_nat(0u);
x_30 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_29);
x_44 = lean_byte_array_size(x_2);
x_45 = lean_nat_dec_lt(x_30, x_44);
if (x_45 == 0)
{
uint8_t x_46; 
x_46 = 0;
x_31 = x_46;
goto block_43;
}
else
{
uint8_t x_47; 
x_47 = lean_byte_array_fget(x_2, x_30);
x_31 = x_47;
goto block_43;
}
block_28:
{
uint8_t x_6; uint8_t x_7; 
x_6 = 125;
x_7 = lean_uint8_dec_eq(x_5, x_6);
if (x_7 == 0)
{
lean_object* x_8; lean_object* x_9; 
x_8 = lean_box(0);
x_9 = lp_leanworker_LeanWorker_Request_readFields(x_1, x_2, x_3, x_8);
if (lean_obj_tag(x_9) == 0)
{
uint8_t x_10; 
lean_dec_ref(x_2);
lean_dec_ref(x_1);
x_10 = !lean_is_exclusive(x_9);
if (x_10 == 0)
{
return x_9;
}
else
{
lean_object* x_11; lean_object* x_12; 
x_11 = lean_ctor_get(x_9, 0);
lean_inc(x_11);
lean_dec(x_9);
x_12 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_12, 0, x_11);
return x_12;
}
}
else
{
uint8_t x_13; 
x_13 = !lean_is_exclusive(x_9);
if (x_13 == 0)
{
lean_object* x_14; lean_object* x_15; 
x_14 = lean_ctor_get(x_9, 0);
x_15 = lean_alloc_ctor(0, 3, 0);
lean_ctor_set(x_15, 0, x_1);
lean_ctor_set(x_15, 1, x_2);
lean_ctor_set(x_15, 2, x_14);
lean_ctor_set(x_9, 0, x_15);
return x_9;
}
else
{
lean_object* x_16; lean_object* x_17; lean_object* x_18; 
x_16 = lean_ctor_get(x_9, 0);
lean_inc(x_16);
lean_dec(x_9);
x_17 = lean_alloc_ctor(0, 3, 0);
lean_ctor_set(x_17, 0, x_1);
lean_ctor_set(x_17, 1, x_2);
lean_ctor_set(x_17, 2, x_16);
x_18 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_18, 0, x_17);
return x_18;
}
}
}
else
{
lean_object* x_19; lean_object* x_20; lean_object* x_21; uint8_t x_22; 
x_19 = lean_nat_add(x_3, x_4);
lean_dec(x_3);
x_20 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_19);
x_21 = lean_byte_array_size(x_2);
x_22 = lean_nat_dec_lt(x_20, x_21);
if (x_22 == 0)
{
lean_object* x_23; lean_object* x_24; lean_object* x_25; 
lean_dec(x_20);
x_23 = lean_box(0);
x_24 = lean_alloc_ctor(0, 3, 0);
lean_ctor_set(x_24, 0, x_1);
lean_ctor_set(x_24, 1, x_2);
lean_ctor_set(x_24, 2, x_23);
x_25 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_25, 0, x_24);
return x_25;
}
else
{
lean_object* x_26; lean_object* x_27; 
lean_dec_ref(x_2);
lean_dec_ref(x_1);
x_26 = lp_leanworker_LeanWorker_Request_readFields___closed__0;
x_27 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_20, x_26);
return x_27;
}
}
}
block_43:
{
uint8_t x_32; uint8_t x_33; 
x_32 = 123;
x_33 = lean_uint8_dec_eq(x_31, x_32);
if (x_33 == 0)
{
lean_object* x_34; lean_object* x_35; 
lean_dec_ref(x_2);
lean_dec_ref(x_1);
x_34 = lp_leanworker_LeanWorker_Request_parse___closed__0;
x_35 = lp_leanworker_LeanWorker_Json_errorAt___redArg(x_30, x_34);
return x_35;
}
else
{
lean_object* x_36; lean_object* x_37; lean_object* x_38; lean_object* x_39; uint8_t x_40; 
x_36 = lean_unsigned_to_nat(1u);
x_37 = lean_nat_add(x_30, x_36);
lean_dec(x_30);
x_38 = lp_leanworker_LeanWorker_Json_skipSpace(x_2, x_37);
x_39 = lean_byte_array_size(x_2);
x_40 = lean_nat_dec_lt(x_38, x_39);
if (x_40 == 0)
{
uint8_t x_41; 
x_41 = 0;
x_3 = x_38;
x_4 = x_36;
x_5 = x_41;
goto block_28;
}
else
{
uint8_t x_42; 
x_42 = lean_byte_array_fget(x_2, x_38);
x_3 = x_38;
x_4 = x_36;
x_5 = x_42;
goto block_28;
}
}
}
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_string___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("the request has no field ", 25, 25);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_string___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(" is not a string", 16, 16);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_string(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; 
x_3 = lean_ctor_get(x_1, 0);
x_4 = lean_ctor_get(x_1, 1);
x_5 = lean_ctor_get(x_1, 2);
x_6 = lp_leanworker_LeanWorker_Request_find(x_5, x_2);
if (lean_obj_tag(x_6) == 0)
{
lean_object* x_7; lean_object* x_8; lean_object* x_9; lean_object* x_10; 
x_7 = lp_leanworker_LeanWorker_Request_string___closed__0;
x_8 = lp_leanworker_LeanWorker_Json_str(x_2);
x_9 = lean_string_append(x_7, x_8);
lean_dec_ref(x_8);
x_10 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_10, 0, x_9);
return x_10;
}
else
{
lean_object* x_11; lean_object* x_12; uint8_t x_13; lean_object* x_27; uint8_t x_28; 
x_11 = lean_ctor_get(x_6, 0);
lean_inc(x_11);
if (lean_is_exclusive(x_6)) {
 lean_ctor_release(x_6, 0);
 x_12 = x_6;
} else {
 lean_dec_ref(x_6);
 x_12 = lean_box(0);
}
x_27 = lean_byte_array_size(x_4);
x_28 = lean_nat_dec_lt(x_11, x_27);
if (x_28 == 0)
{
uint8_t x_29; 
x_29 = 0;
x_13 = x_29;
goto block_26;
}
else
{
uint8_t x_30; 
x_30 = lean_byte_array_fget(x_4, x_11);
x_13 = x_30;
goto block_26;
}
block_26:
{
uint8_t x_14; uint8_t x_15; 
x_14 = 34;
x_15 = lean_uint8_dec_eq(x_13, x_14);
if (x_15 == 0)
{
lean_object* x_16; lean_object* x_17; lean_object* x_18; lean_object* x_19; lean_object* x_20; lean_object* x_21; 
lean_dec(x_11);
x_16 = lp_leanworker_LeanWorker_Request_readFields___closed__1;
x_17 = lp_leanworker_LeanWorker_Json_str(x_2);
x_18 = lean_string_append(x_16, x_17);
lean_dec_ref(x_17);
x_19 = lp_leanworker_LeanWorker_Request_string___closed__1;
x_20 = lean_string_append(x_18, x_19);
if (lean_is_scalar(x_12)) {
 x_21 = lean_alloc_ctor(0, 1, 0);
} else {
 x_21 = x_12;
 lean_ctor_set_tag(x_21, 0);
}
lean_ctor_set(x_21, 0, x_20);
return x_21;
}
else
{
lean_object* x_22; lean_object* x_23; lean_object* x_24; lean_object* x_25; 
lean_dec(x_12);
x_22 = lean_unsigned_to_nat(1u);
x_23 = lean_nat_add(x_11, x_22);
lean_dec(x_11);
x_24 = lp_leanworker_LeanWorker_Json_obj___closed__0;
x_25 = lp_leanworker_LeanWorker_Json_decodeString(x_3, x_4, x_23, x_24);
return x_25;
}
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_string___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Request_string(x_1, x_2);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_digits(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
uint8_t x_5; 
x_5 = lean_nat_dec_lt(x_2, x_3);
if (x_5 == 0)
{
lean_dec(x_2);
return x_4;
}
else
{
lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; uint8_t x_10; lean_object* x_17; uint8_t x_18; 
x_6 = lean_unsigned_to_nat(1u);
x_7 = lean_nat_add(x_2, x_6);
x_8 = lean_unsigned_to_nat(10u);
x_9 = lean_nat_mul(x_4, x_8);
lean_dec(x_4);
x_17 = lean_byte_array_size(x_1);
x_18 = lean_nat_dec_lt(x_2, x_17);
if (x_18 == 0)
{
uint8_t x_19; 
lean_dec(x_2);
x_19 = 0;
x_10 = x_19;
goto block_16;
}
else
{
uint8_t x_20; 
x_20 = lean_byte_array_fget(x_1, x_2);
lean_dec(x_2);
x_10 = x_20;
goto block_16;
}
block_16:
{
uint8_t x_11; uint8_t x_12; lean_object* x_13; lean_object* x_14; 
x_11 = 48;
x_12 = lean_uint8_sub(x_10, x_11);
x_13 = lean_uint8_to_nat(x_12);
x_14 = lean_nat_add(x_9, x_13);
lean_dec(x_9);
x_2 = x_7;
x_4 = x_14;
goto _start;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_digits___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_5; 
x_5 = lp_leanworker_LeanWorker_Request_digits(x_1, x_2, x_3, x_4);
lean_dec(x_3);
lean_dec_ref(x_1);
return x_5;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_nat___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(" is not a natural number", 24, 24);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Request_nat___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(" is too large", 13, 13);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_nat(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_10; lean_object* x_11; lean_object* x_12; 
x_10 = lean_ctor_get(x_1, 1);
x_11 = lean_ctor_get(x_1, 2);
x_12 = lp_leanworker_LeanWorker_Request_find(x_11, x_2);
if (lean_obj_tag(x_12) == 0)
{
lean_object* x_13; lean_object* x_14; lean_object* x_15; lean_object* x_16; 
x_13 = lp_leanworker_LeanWorker_Request_string___closed__0;
x_14 = lp_leanworker_LeanWorker_Json_str(x_2);
x_15 = lean_string_append(x_13, x_14);
lean_dec_ref(x_14);
x_16 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_16, 0, x_15);
return x_16;
}
else
{
lean_object* x_17; lean_object* x_18; lean_object* x_19; uint8_t x_20; uint8_t x_21; uint8_t x_39; lean_object* x_44; uint8_t x_45; 
x_17 = lean_ctor_get(x_12, 0);
lean_inc(x_17);
if (lean_is_exclusive(x_12)) {
 lean_ctor_release(x_12, 0);
 x_18 = x_12;
} else {
 lean_dec_ref(x_12);
 x_18 = lean_box(0);
}
lean_inc(x_17);
x_19 = lp_leanworker_LeanWorker_Json_skipDigits(x_10, x_17);
x_44 = lean_byte_array_size(x_10);
x_45 = lean_nat_dec_lt(x_19, x_44);
if (x_45 == 0)
{
uint8_t x_46; 
x_46 = 0;
x_39 = x_46;
goto block_43;
}
else
{
uint8_t x_47; 
x_47 = lean_byte_array_fget(x_10, x_19);
x_39 = x_47;
goto block_43;
}
block_38:
{
if (x_21 == 0)
{
uint8_t x_22; uint8_t x_23; 
x_22 = 101;
x_23 = lean_uint8_dec_eq(x_20, x_22);
if (x_23 == 0)
{
uint8_t x_24; uint8_t x_25; 
x_24 = 69;
x_25 = lean_uint8_dec_eq(x_20, x_24);
if (x_25 == 0)
{
lean_object* x_26; lean_object* x_27; uint8_t x_28; 
x_26 = lean_unsigned_to_nat(18u);
x_27 = lean_nat_add(x_17, x_26);
x_28 = lean_nat_dec_lt(x_27, x_19);
lean_dec(x_27);
if (x_28 == 0)
{
lean_object* x_29; lean_object* x_30; lean_object* x_31; 
x_29 = lean_unsigned_to_nat(0u);
x_30 = lp_leanworker_LeanWorker_Request_digits(x_10, x_17, x_19, x_29);
lean_dec(x_19);
if (lean_is_scalar(x_18)) {
 x_31 = lean_alloc_ctor(1, 1, 0);
} else {
 x_31 = x_18;
}
lean_ctor_set(x_31, 0, x_30);
return x_31;
}
else
{
lean_object* x_32; lean_object* x_33; lean_object* x_34; lean_object* x_35; lean_object* x_36; lean_object* x_37; 
lean_dec(x_19);
lean_dec(x_17);
x_32 = lp_leanworker_LeanWorker_Request_readFields___closed__1;
x_33 = lp_leanworker_LeanWorker_Json_str(x_2);
x_34 = lean_string_append(x_32, x_33);
lean_dec_ref(x_33);
x_35 = lp_leanworker_LeanWorker_Request_nat___closed__1;
x_36 = lean_string_append(x_34, x_35);
if (lean_is_scalar(x_18)) {
 x_37 = lean_alloc_ctor(0, 1, 0);
} else {
 x_37 = x_18;
 lean_ctor_set_tag(x_37, 0);
}
lean_ctor_set(x_37, 0, x_36);
return x_37;
}
}
else
{
lean_dec(x_19);
lean_dec(x_18);
lean_dec(x_17);
goto block_9;
}
}
else
{
lean_dec(x_19);
lean_dec(x_18);
lean_dec(x_17);
goto block_9;
}
}
else
{
lean_dec(x_19);
lean_dec(x_18);
lean_dec(x_17);
goto block_9;
}
}
block_43:
{
uint8_t x_40; 
x_40 = lean_nat_dec_eq(x_19, x_17);
if (x_40 == 0)
{
uint8_t x_41; uint8_t x_42; 
x_41 = 46;
x_42 = lean_uint8_dec_eq(x_39, x_41);
x_20 = x_39;
x_21 = x_42;
goto block_38;
}
else
{
x_20 = x_39;
x_21 = x_40;
goto block_38;
}
}
}
block_9:
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; 
x_3 = lp_leanworker_LeanWorker_Request_readFields___closed__1;
x_4 = lp_leanworker_LeanWorker_Json_str(x_2);
x_5 = lean_string_append(x_3, x_4);
lean_dec_ref(x_4);
x_6 = lp_leanworker_LeanWorker_Request_nat___closed__0;
x_7 = lean_string_append(x_5, x_6);
x_8 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_8, 0, x_7);
return x_8;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_nat___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Request_nat(x_1, x_2);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_read(lean_object* x_1) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Request_parse(x_1);
if (lean_obj_tag(x_3) == 0)
{
uint8_t x_4; 
x_4 = !lean_is_exclusive(x_3);
if (x_4 == 0)
{
lean_object* x_5; lean_object* x_6; 
x_5 = lean_ctor_get(x_3, 0);
x_6 = lean_mk_io_user_error(x_5);
lean_ctor_set_tag(x_3, 1);
lean_ctor_set(x_3, 0, x_6);
return x_3;
}
else
{
lean_object* x_7; lean_object* x_8; lean_object* x_9; 
x_7 = lean_ctor_get(x_3, 0);
lean_inc(x_7);
lean_dec(x_3);
x_8 = lean_mk_io_user_error(x_7);
x_9 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_9, 0, x_8);
return x_9;
}
}
else
{
uint8_t x_10; 
x_10 = !lean_is_exclusive(x_3);
if (x_10 == 0)
{
lean_ctor_set_tag(x_3, 0);
return x_3;
}
else
{
lean_object* x_11; lean_object* x_12; 
x_11 = lean_ctor_get(x_3, 0);
lean_inc(x_11);
lean_dec(x_3);
x_12 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_12, 0, x_11);
return x_12;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_read___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Request_read(x_1);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getString(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Request_string(x_1, x_2);
if (lean_obj_tag(x_4) == 0)
{
uint8_t x_5; 
x_5 = !lean_is_exclusive(x_4);
if (x_5 == 0)
{
lean_object* x_6; lean_object* x_7; 
x_6 = lean_ctor_get(x_4, 0);
x_7 = lean_mk_io_user_error(x_6);
lean_ctor_set_tag(x_4, 1);
lean_ctor_set(x_4, 0, x_7);
return x_4;
}
else
{
lean_object* x_8; lean_object* x_9; lean_object* x_10; 
x_8 = lean_ctor_get(x_4, 0);
lean_inc(x_8);
lean_dec(x_4);
x_9 = lean_mk_io_user_error(x_8);
x_10 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_10, 0, x_9);
return x_10;
}
}
else
{
uint8_t x_11; 
x_11 = !lean_is_exclusive(x_4);
if (x_11 == 0)
{
lean_ctor_set_tag(x_4, 0);
return x_4;
}
else
{
lean_object* x_12; lean_object* x_13; 
x_12 = lean_ctor_get(x_4, 0);
lean_inc(x_12);
lean_dec(x_4);
x_13 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_13, 0, x_12);
return x_13;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getString___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Request_getString(x_1, x_2);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_4;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getNat(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Request_nat(x_1, x_2);
if (lean_obj_tag(x_4) == 0)
{
uint8_t x_5; 
x_5 = !lean_is_exclusive(x_4);
if (x_5 == 0)
{
lean_object* x_6; lean_object* x_7; 
x_6 = lean_ctor_get(x_4, 0);
x_7 = lean_mk_io_user_error(x_6);
lean_ctor_set_tag(x_4, 1);
lean_ctor_set(x_4, 0, x_7);
return x_4;
}
else
{
lean_object* x_8; lean_object* x_9; lean_object* x_10; 
x_8 = lean_ctor_get(x_4, 0);
lean_inc(x_8);
lean_dec(x_4);
x_9 = lean_mk_io_user_error(x_8);
x_10 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_10, 0, x_9);
return x_10;
}
}
else
{
uint8_t x_11; 
x_11 = !lean_is_exclusive(x_4);
if (x_11 == 0)
{
lean_ctor_set_tag(x_4, 0);
return x_4;
}
else
{
lean_object* x_12; lean_object* x_13; 
x_12 = lean_ctor_get(x_4, 0);
lean_inc(x_12);
lean_dec(x_4);
x_13 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_13, 0, x_12);
return x_13;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Request_getNat___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Request_getNat(x_1, x_2);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_4;
}
}
lean_object* initialize_Init(uint8_t builtin);
static bool _G_initialized = false;
LEAN_EXPORT lean_object* initialize_leanworker_LeanWorker_Json(uint8_t builtin) {
lean_object * res;
if (_G_initialized) return lean_io_result_mk_ok(lean_box(0));
_G_initialized = true;
res = initialize_Init(builtin);
if (lean_io_result_is_error(res)) return res;
lean_dec_ref(res);
lp_leanworker_LeanWorker_Json_escapeOf___closed__0 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__0);
lp_leanworker_LeanWorker_Json_escapeOf___closed__1 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__1);
lp_leanworker_LeanWorker_Json_escapeOf___closed__2 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__2);
lp_leanworker_LeanWorker_Json_escapeOf___closed__3 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__3();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__3);
lp_leanworker_LeanWorker_Json_escapeOf___closed__4 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__4();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__4);
lp_leanworker_LeanWorker_Json_escapeOf___closed__5 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__5();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__5);
lp_leanworker_LeanWorker_Json_escapeOf___closed__6 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__6();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__6);
lp_leanworker_LeanWorker_Json_escapeOf___closed__7 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__7();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__7);
lp_leanworker_LeanWorker_Json_escapeOf___closed__8 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__8();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__8);
lp_leanworker_LeanWorker_Json_escapeOf___closed__9 = _init_lp_leanworker_LeanWorker_Json_escapeOf___closed__9();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_escapeOf___closed__9);
lp_leanworker_LeanWorker_Json_str___closed__0 = _init_lp_leanworker_LeanWorker_Json_str___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_str___closed__0);
lp_leanworker_LeanWorker_Json_bool___closed__0 = _init_lp_leanworker_LeanWorker_Json_bool___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_bool___closed__0);
lp_leanworker_LeanWorker_Json_bool___closed__1 = _init_lp_leanworker_LeanWorker_Json_bool___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_bool___closed__1);
lp_leanworker_LeanWorker_Json_objectFields___closed__0 = _init_lp_leanworker_LeanWorker_Json_objectFields___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_objectFields___closed__0);
lp_leanworker_LeanWorker_Json_objectFields___closed__1 = _init_lp_leanworker_LeanWorker_Json_objectFields___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_objectFields___closed__1);
lp_leanworker_LeanWorker_Json_objectFields___closed__2 = _init_lp_leanworker_LeanWorker_Json_objectFields___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_objectFields___closed__2);
lp_leanworker_LeanWorker_Json_obj___closed__0 = _init_lp_leanworker_LeanWorker_Json_obj___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_obj___closed__0);
lp_leanworker_LeanWorker_Json_obj___closed__1 = _init_lp_leanworker_LeanWorker_Json_obj___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_obj___closed__1);
lp_leanworker_LeanWorker_Json_arrayItems___closed__0 = _init_lp_leanworker_LeanWorker_Json_arrayItems___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_arrayItems___closed__0);
lp_leanworker_LeanWorker_Json_arr___closed__0 = _init_lp_leanworker_LeanWorker_Json_arr___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_arr___closed__0);
lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__0 = _init_lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__0);
lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__1 = _init_lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_errorAt___redArg___closed__1);
lp_leanworker_LeanWorker_Json_skipString___closed__0 = _init_lp_leanworker_LeanWorker_Json_skipString___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipString___closed__0);
lp_leanworker_LeanWorker_Json_skipString___closed__1 = _init_lp_leanworker_LeanWorker_Json_skipString___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipString___closed__1);
lp_leanworker_LeanWorker_Json_skipString___closed__2 = _init_lp_leanworker_LeanWorker_Json_skipString___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipString___closed__2);
lp_leanworker_LeanWorker_Json_skipString___closed__3 = _init_lp_leanworker_LeanWorker_Json_skipString___closed__3();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipString___closed__3);
lp_leanworker_LeanWorker_Json_decodeString___closed__0 = _init_lp_leanworker_LeanWorker_Json_decodeString___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_decodeString___closed__0);
lp_leanworker_LeanWorker_Json_skipNumber___closed__0 = _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipNumber___closed__0);
lp_leanworker_LeanWorker_Json_skipNumber___closed__1 = _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipNumber___closed__1);
lp_leanworker_LeanWorker_Json_skipNumber___closed__2 = _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipNumber___closed__2);
lp_leanworker_LeanWorker_Json_skipNumber___closed__3 = _init_lp_leanworker_LeanWorker_Json_skipNumber___closed__3();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipNumber___closed__3);
lp_leanworker_LeanWorker_Json_skipItems___closed__0 = _init_lp_leanworker_LeanWorker_Json_skipItems___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipItems___closed__0);
lp_leanworker_LeanWorker_Json_skipFields___closed__0 = _init_lp_leanworker_LeanWorker_Json_skipFields___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipFields___closed__0);
lp_leanworker_LeanWorker_Json_skipFields___closed__1 = _init_lp_leanworker_LeanWorker_Json_skipFields___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipFields___closed__1);
lp_leanworker_LeanWorker_Json_skipFields___closed__2 = _init_lp_leanworker_LeanWorker_Json_skipFields___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipFields___closed__2);
lp_leanworker_LeanWorker_Json_skipValue___closed__0 = _init_lp_leanworker_LeanWorker_Json_skipValue___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipValue___closed__0);
lp_leanworker_LeanWorker_Json_skipValue___closed__1 = _init_lp_leanworker_LeanWorker_Json_skipValue___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipValue___closed__1);
lp_leanworker_LeanWorker_Json_skipValue___closed__2 = _init_lp_leanworker_LeanWorker_Json_skipValue___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipValue___closed__2);
lp_leanworker_LeanWorker_Json_skipValue___closed__3 = _init_lp_leanworker_LeanWorker_Json_skipValue___closed__3();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipValue___closed__3);
lp_leanworker_LeanWorker_Json_skipValue___closed__4 = _init_lp_leanworker_LeanWorker_Json_skipValue___closed__4();
lean_mark_persistent(lp_leanworker_LeanWorker_Json_skipValue___closed__4);
lp_leanworker_LeanWorker_Request_readFields___closed__0 = _init_lp_leanworker_LeanWorker_Request_readFields___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_readFields___closed__0);
lp_leanworker_LeanWorker_Request_readFields___closed__1 = _init_lp_leanworker_LeanWorker_Request_readFields___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_readFields___closed__1);
lp_leanworker_LeanWorker_Request_readFields___closed__2 = _init_lp_leanworker_LeanWorker_Request_readFields___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_readFields___closed__2);
lp_leanworker_LeanWorker_Request_parse___closed__0 = _init_lp_leanworker_LeanWorker_Request_parse___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_parse___closed__0);
lp_leanworker_LeanWorker_Request_string___closed__0 = _init_lp_leanworker_LeanWorker_Request_string___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_string___closed__0);
lp_leanworker_LeanWorker_Request_string___closed__1 = _init_lp_leanworker_LeanWorker_Request_string___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_string___closed__1);
lp_leanworker_LeanWorker_Request_nat___closed__0 = _init_lp_leanworker_LeanWorker_Request_nat___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_nat___closed__0);
lp_leanworker_LeanWorker_Request_nat___closed__1 = _init_lp_leanworker_LeanWorker_Request_nat___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Request_nat___closed__1);
return lean_io_result_mk_ok(lean_box(0));
}
#ifdef __cplusplus
}
#endif
