// Lean compiler output
// Module: LeanWorker.Emit
// Imports: public import Init public import LeanWorker.Json
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
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Sink_host___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitProgress___boxed(lean_object*, lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_diagnostic(lean_object*, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Status_wrongPayload;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_streaming(lean_object*);
uint8_t leanworker_cancelled();
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitRow___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Envelope_progress___closed__2;
static lean_object* lp_leanworker_LeanWorker_Envelope_diagnostic___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish___redArg(uint8_t);
lean_object* lp_leanworker_LeanWorker_Json_nat(lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitProgress(lean_object*, lean_object*, lean_object*, lean_object*);
uint8_t leanworker_emit(size_t, size_t, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Status_panic;
static lean_object* lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_progress(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Envelope_row___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish(lean_object*, uint8_t);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish___boxed(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_diagnostic___boxed(lean_object*, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Status_ok;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitRaw___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitMetadata(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_metadata___boxed(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish___redArg___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_metadata(lean_object*);
static lean_object* lp_leanworker_LeanWorker_send___closed__0;
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitDiagnostic(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Status_staleHandle;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitMetadata___boxed(lean_object*, lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_row___boxed(lean_object*, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Status_stopped;
static lean_object* lp_leanworker_LeanWorker_Envelope_row___closed__2;
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Sink_host(size_t, size_t, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_progress___boxed(lean_object*, lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_Envelope_diagnostic___closed__0;
static lean_object* lp_leanworker_LeanWorker_Envelope_progress___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_checkCancelled___boxed(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Envelope_metadata___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_cancelled___boxed(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_streaming___boxed(lean_object*, lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitDiagnostic___boxed(lean_object*, lean_object*, lean_object*, lean_object*);
lean_object* lp_leanworker_LeanWorker_Json_str(lean_object*);
static lean_object* lp_leanworker_LeanWorker_Envelope_progress___closed__1;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_send(lean_object*);
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_row(lean_object*, lean_object*);
lean_object* lean_string_append(lean_object*, lean_object*);
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitRow(lean_object*, lean_object*, lean_object*);
uint8_t lean_uint8_dec_eq(uint8_t, uint8_t);
static lean_object* lp_leanworker_LeanWorker_Envelope_row___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_checkCancelled();
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_send___boxed(lean_object*, lean_object*);
static lean_object* lp_leanworker_LeanWorker_checkCancelled___closed__0;
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitRaw___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
size_t x_5; size_t x_6; uint8_t x_7; lean_object* x_8; 
x_5 = lean_unbox_usize(x_1);
lean_dec(x_1);
x_6 = lean_unbox_usize(x_2);
lean_dec(x_2);
x_7 = leanworker_emit(x_5, x_6, x_3);
lean_dec_ref(x_3);
x_8 = lean_box(x_7);
return x_8;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_cancelled___boxed(lean_object* x_1) {
_start:
{
uint8_t x_2; lean_object* x_3; 
x_2 = leanworker_cancelled();
x_3 = lean_box(x_2);
return x_3;
}
}
static uint8_t _init_lp_leanworker_LeanWorker_Status_ok() {
_start:
{
uint8_t x_1; 
x_1 = 0;
return x_1;
}
}
static uint8_t _init_lp_leanworker_LeanWorker_Status_staleHandle() {
_start:
{
uint8_t x_1; 
x_1 = 1;
return x_1;
}
}
static uint8_t _init_lp_leanworker_LeanWorker_Status_panic() {
_start:
{
uint8_t x_1; 
x_1 = 2;
return x_1;
}
}
static uint8_t _init_lp_leanworker_LeanWorker_Status_wrongPayload() {
_start:
{
uint8_t x_1; 
x_1 = 3;
return x_1;
}
}
static uint8_t _init_lp_leanworker_LeanWorker_Status_stopped() {
_start:
{
uint8_t x_1; 
x_1 = 4;
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_row___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("{\"stream\":", 10, 10);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_row___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(",\"payload\":", 11, 11);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_row___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("}", 1, 1);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_row(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; lean_object* x_10; 
x_3 = lp_leanworker_LeanWorker_Envelope_row___closed__0;
x_4 = lp_leanworker_LeanWorker_Json_str(x_1);
x_5 = lean_string_append(x_3, x_4);
lean_dec_ref(x_4);
x_6 = lp_leanworker_LeanWorker_Envelope_row___closed__1;
x_7 = lean_string_append(x_5, x_6);
x_8 = lean_string_append(x_7, x_2);
x_9 = lp_leanworker_LeanWorker_Envelope_row___closed__2;
x_10 = lean_string_append(x_8, x_9);
return x_10;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_row___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Envelope_row(x_1, x_2);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_diagnostic___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("{\"diagnostic\":{\"code\":", 22, 22);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_diagnostic___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(",\"message\":", 11, 11);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("}}", 2, 2);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_diagnostic(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; lean_object* x_10; lean_object* x_11; 
x_3 = lp_leanworker_LeanWorker_Envelope_diagnostic___closed__0;
x_4 = lp_leanworker_LeanWorker_Json_str(x_1);
x_5 = lean_string_append(x_3, x_4);
lean_dec_ref(x_4);
x_6 = lp_leanworker_LeanWorker_Envelope_diagnostic___closed__1;
x_7 = lean_string_append(x_5, x_6);
x_8 = lp_leanworker_LeanWorker_Json_str(x_2);
x_9 = lean_string_append(x_7, x_8);
lean_dec_ref(x_8);
x_10 = lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2;
x_11 = lean_string_append(x_9, x_10);
return x_11;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_diagnostic___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_Envelope_diagnostic(x_1, x_2);
lean_dec_ref(x_2);
lean_dec_ref(x_1);
return x_3;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_progress___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("{\"progress\":{\"phase\":", 21, 21);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_progress___closed__1() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(",\"current\":", 11, 11);
return x_1;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_progress___closed__2() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked(",\"total\":", 9, 9);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_progress(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; lean_object* x_5; lean_object* x_6; lean_object* x_7; lean_object* x_8; lean_object* x_9; lean_object* x_10; 
x_4 = lp_leanworker_LeanWorker_Envelope_progress___closed__0;
x_5 = lp_leanworker_LeanWorker_Json_str(x_1);
x_6 = lean_string_append(x_4, x_5);
lean_dec_ref(x_5);
x_7 = lp_leanworker_LeanWorker_Envelope_progress___closed__1;
x_8 = lean_string_append(x_6, x_7);
x_9 = lp_leanworker_LeanWorker_Json_nat(x_2);
x_10 = lean_string_append(x_8, x_9);
lean_dec_ref(x_9);
if (lean_obj_tag(x_3) == 0)
{
lean_object* x_11; lean_object* x_12; 
x_11 = lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2;
x_12 = lean_string_append(x_10, x_11);
return x_12;
}
else
{
lean_object* x_13; lean_object* x_14; lean_object* x_15; lean_object* x_16; lean_object* x_17; lean_object* x_18; lean_object* x_19; 
x_13 = lean_ctor_get(x_3, 0);
lean_inc(x_13);
lean_dec_ref(x_3);
x_14 = lp_leanworker_LeanWorker_Envelope_progress___closed__2;
x_15 = lean_string_append(x_10, x_14);
x_16 = lp_leanworker_LeanWorker_Json_nat(x_13);
x_17 = lean_string_append(x_15, x_16);
lean_dec_ref(x_16);
x_18 = lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2;
x_19 = lean_string_append(x_17, x_18);
return x_19;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_progress___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_4; 
x_4 = lp_leanworker_LeanWorker_Envelope_progress(x_1, x_2, x_3);
lean_dec_ref(x_1);
return x_4;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_Envelope_metadata___closed__0() {
_start:
{
lean_object* x_1; 
x_1 = lean_mk_string_unchecked("{\"metadata\":", 12, 12);
return x_1;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_metadata(lean_object* x_1) {
_start:
{
lean_object* x_2; lean_object* x_3; lean_object* x_4; lean_object* x_5; 
x_2 = lp_leanworker_LeanWorker_Envelope_metadata___closed__0;
x_3 = lean_string_append(x_2, x_1);
x_4 = lp_leanworker_LeanWorker_Envelope_row___closed__2;
x_5 = lean_string_append(x_3, x_4);
return x_5;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Envelope_metadata___boxed(lean_object* x_1) {
_start:
{
lean_object* x_2; 
x_2 = lp_leanworker_LeanWorker_Envelope_metadata(x_1);
lean_dec_ref(x_1);
return x_2;
}
}
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_Sink_host(size_t x_1, size_t x_2, lean_object* x_3) {
_start:
{
uint8_t x_5; 
x_5 = leanworker_emit(x_1, x_2, x_3);
return x_5;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_Sink_host___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
size_t x_5; size_t x_6; uint8_t x_7; lean_object* x_8; 
x_5 = lean_unbox_usize(x_1);
lean_dec(x_1);
x_6 = lean_unbox_usize(x_2);
lean_dec(x_2);
x_7 = lp_leanworker_LeanWorker_Sink_host(x_5, x_6, x_3);
lean_dec_ref(x_3);
x_8 = lean_box(x_7);
return x_8;
}
}
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitRow(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_5; lean_object* x_6; uint8_t x_7; 
x_5 = lp_leanworker_LeanWorker_Envelope_row(x_2, x_3);
x_6 = lean_apply_2(x_1, x_5, lean_box(0));
x_7 = lean_unbox(x_6);
return x_7;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitRow___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
uint8_t x_5; lean_object* x_6; 
x_5 = lp_leanworker_LeanWorker_emitRow(x_1, x_2, x_3);
lean_dec_ref(x_3);
lean_dec_ref(x_2);
x_6 = lean_box(x_5);
return x_6;
}
}
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitDiagnostic(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
lean_object* x_5; lean_object* x_6; uint8_t x_7; 
x_5 = lp_leanworker_LeanWorker_Envelope_diagnostic(x_2, x_3);
x_6 = lean_apply_2(x_1, x_5, lean_box(0));
x_7 = lean_unbox(x_6);
return x_7;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitDiagnostic___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
uint8_t x_5; lean_object* x_6; 
x_5 = lp_leanworker_LeanWorker_emitDiagnostic(x_1, x_2, x_3);
lean_dec_ref(x_3);
lean_dec_ref(x_2);
x_6 = lean_box(x_5);
return x_6;
}
}
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitProgress(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4) {
_start:
{
lean_object* x_6; lean_object* x_7; uint8_t x_8; 
x_6 = lp_leanworker_LeanWorker_Envelope_progress(x_2, x_3, x_4);
x_7 = lean_apply_2(x_1, x_6, lean_box(0));
x_8 = lean_unbox(x_7);
return x_8;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitProgress___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3, lean_object* x_4, lean_object* x_5) {
_start:
{
uint8_t x_6; lean_object* x_7; 
x_6 = lp_leanworker_LeanWorker_emitProgress(x_1, x_2, x_3, x_4);
lean_dec_ref(x_2);
x_7 = lean_box(x_6);
return x_7;
}
}
LEAN_EXPORT uint8_t lp_leanworker_LeanWorker_emitMetadata(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_4; lean_object* x_5; uint8_t x_6; 
x_4 = lp_leanworker_LeanWorker_Envelope_metadata(x_2);
x_5 = lean_apply_2(x_1, x_4, lean_box(0));
x_6 = lean_unbox(x_5);
return x_6;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_emitMetadata___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
uint8_t x_4; lean_object* x_5; 
x_4 = lp_leanworker_LeanWorker_emitMetadata(x_1, x_2);
lean_dec_ref(x_2);
x_5 = lean_box(x_4);
return x_5;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_send___closed__0() {
_start:
{
lean_object* x_1; lean_object* x_2; 
x_1 = lean_box(0);
x_2 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_2, 0, x_1);
return x_2;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_send(lean_object* x_1) {
_start:
{
lean_object* x_3; uint8_t x_4; uint8_t x_5; uint8_t x_6; 
x_3 = lean_apply_1(x_1, lean_box(0));
x_4 = 0;
x_5 = lean_unbox(x_3);
x_6 = lean_uint8_dec_eq(x_5, x_4);
if (x_6 == 0)
{
lean_object* x_7; lean_object* x_8; 
x_7 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_7, 0, x_3);
x_8 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_8, 0, x_7);
return x_8;
}
else
{
lean_object* x_9; lean_object* x_10; 
x_9 = lp_leanworker_LeanWorker_send___closed__0;
x_10 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_10, 0, x_9);
return x_10;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_send___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_send(x_1);
return x_3;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish(lean_object* x_1, uint8_t x_2) {
_start:
{
lean_object* x_4; lean_object* x_5; lean_object* x_6; 
x_4 = lean_box(x_2);
x_5 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_5, 0, x_4);
x_6 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_6, 0, x_5);
return x_6;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish___redArg(uint8_t x_1) {
_start:
{
lean_object* x_3; lean_object* x_4; lean_object* x_5; 
x_3 = lean_box(x_1);
x_4 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_4, 0, x_3);
x_5 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_5, 0, x_4);
return x_5;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish___boxed(lean_object* x_1, lean_object* x_2, lean_object* x_3) {
_start:
{
uint8_t x_4; lean_object* x_5; 
x_4 = lean_unbox(x_2);
x_5 = lp_leanworker_LeanWorker_finish(x_1, x_4);
return x_5;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_finish___redArg___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
uint8_t x_3; lean_object* x_4; 
x_3 = lean_unbox(x_1);
x_4 = lp_leanworker_LeanWorker_finish___redArg(x_3);
return x_4;
}
}
static lean_object* _init_lp_leanworker_LeanWorker_checkCancelled___closed__0() {
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
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_checkCancelled() {
_start:
{
uint8_t x_2; 
x_2 = leanworker_cancelled();
if (x_2 == 0)
{
lean_object* x_3; lean_object* x_4; 
x_3 = lp_leanworker_LeanWorker_send___closed__0;
x_4 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_4, 0, x_3);
return x_4;
}
else
{
lean_object* x_5; lean_object* x_6; 
x_5 = lp_leanworker_LeanWorker_checkCancelled___closed__0;
x_6 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_6, 0, x_5);
return x_6;
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_checkCancelled___boxed(lean_object* x_1) {
_start:
{
lean_object* x_2; 
x_2 = lp_leanworker_LeanWorker_checkCancelled();
return x_2;
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_streaming(lean_object* x_1) {
_start:
{
lean_object* x_3; 
x_3 = lean_apply_1(x_1, lean_box(0));
if (lean_obj_tag(x_3) == 0)
{
uint8_t x_4; 
x_4 = !lean_is_exclusive(x_3);
if (x_4 == 0)
{
lean_object* x_5; 
x_5 = lean_ctor_get(x_3, 0);
if (lean_obj_tag(x_5) == 0)
{
lean_object* x_6; 
x_6 = lean_ctor_get(x_5, 0);
lean_inc(x_6);
lean_dec_ref(x_5);
lean_ctor_set(x_3, 0, x_6);
return x_3;
}
else
{
uint8_t x_7; lean_object* x_8; 
lean_dec_ref(x_5);
x_7 = 0;
x_8 = lean_box(x_7);
lean_ctor_set(x_3, 0, x_8);
return x_3;
}
}
else
{
lean_object* x_9; 
x_9 = lean_ctor_get(x_3, 0);
lean_inc(x_9);
lean_dec(x_3);
if (lean_obj_tag(x_9) == 0)
{
lean_object* x_10; lean_object* x_11; 
x_10 = lean_ctor_get(x_9, 0);
lean_inc(x_10);
lean_dec_ref(x_9);
x_11 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_11, 0, x_10);
return x_11;
}
else
{
uint8_t x_12; lean_object* x_13; lean_object* x_14; 
lean_dec_ref(x_9);
x_12 = 0;
x_13 = lean_box(x_12);
x_14 = lean_alloc_ctor(0, 1, 0);
lean_ctor_set(x_14, 0, x_13);
return x_14;
}
}
}
else
{
uint8_t x_15; 
x_15 = !lean_is_exclusive(x_3);
if (x_15 == 0)
{
return x_3;
}
else
{
lean_object* x_16; lean_object* x_17; 
x_16 = lean_ctor_get(x_3, 0);
lean_inc(x_16);
lean_dec(x_3);
x_17 = lean_alloc_ctor(1, 1, 0);
lean_ctor_set(x_17, 0, x_16);
return x_17;
}
}
}
}
LEAN_EXPORT lean_object* lp_leanworker_LeanWorker_streaming___boxed(lean_object* x_1, lean_object* x_2) {
_start:
{
lean_object* x_3; 
x_3 = lp_leanworker_LeanWorker_streaming(x_1);
return x_3;
}
}
lean_object* initialize_Init(uint8_t builtin);
lean_object* initialize_leanworker_LeanWorker_Json(uint8_t builtin);
static bool _G_initialized = false;
LEAN_EXPORT lean_object* initialize_leanworker_LeanWorker_Emit(uint8_t builtin) {
lean_object * res;
if (_G_initialized) return lean_io_result_mk_ok(lean_box(0));
_G_initialized = true;
res = initialize_Init(builtin);
if (lean_io_result_is_error(res)) return res;
lean_dec_ref(res);
res = initialize_leanworker_LeanWorker_Json(builtin);
if (lean_io_result_is_error(res)) return res;
lean_dec_ref(res);
lp_leanworker_LeanWorker_Status_ok = _init_lp_leanworker_LeanWorker_Status_ok();
lp_leanworker_LeanWorker_Status_staleHandle = _init_lp_leanworker_LeanWorker_Status_staleHandle();
lp_leanworker_LeanWorker_Status_panic = _init_lp_leanworker_LeanWorker_Status_panic();
lp_leanworker_LeanWorker_Status_wrongPayload = _init_lp_leanworker_LeanWorker_Status_wrongPayload();
lp_leanworker_LeanWorker_Status_stopped = _init_lp_leanworker_LeanWorker_Status_stopped();
lp_leanworker_LeanWorker_Envelope_row___closed__0 = _init_lp_leanworker_LeanWorker_Envelope_row___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_row___closed__0);
lp_leanworker_LeanWorker_Envelope_row___closed__1 = _init_lp_leanworker_LeanWorker_Envelope_row___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_row___closed__1);
lp_leanworker_LeanWorker_Envelope_row___closed__2 = _init_lp_leanworker_LeanWorker_Envelope_row___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_row___closed__2);
lp_leanworker_LeanWorker_Envelope_diagnostic___closed__0 = _init_lp_leanworker_LeanWorker_Envelope_diagnostic___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_diagnostic___closed__0);
lp_leanworker_LeanWorker_Envelope_diagnostic___closed__1 = _init_lp_leanworker_LeanWorker_Envelope_diagnostic___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_diagnostic___closed__1);
lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2 = _init_lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_diagnostic___closed__2);
lp_leanworker_LeanWorker_Envelope_progress___closed__0 = _init_lp_leanworker_LeanWorker_Envelope_progress___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_progress___closed__0);
lp_leanworker_LeanWorker_Envelope_progress___closed__1 = _init_lp_leanworker_LeanWorker_Envelope_progress___closed__1();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_progress___closed__1);
lp_leanworker_LeanWorker_Envelope_progress___closed__2 = _init_lp_leanworker_LeanWorker_Envelope_progress___closed__2();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_progress___closed__2);
lp_leanworker_LeanWorker_Envelope_metadata___closed__0 = _init_lp_leanworker_LeanWorker_Envelope_metadata___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_Envelope_metadata___closed__0);
lp_leanworker_LeanWorker_send___closed__0 = _init_lp_leanworker_LeanWorker_send___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_send___closed__0);
lp_leanworker_LeanWorker_checkCancelled___closed__0 = _init_lp_leanworker_LeanWorker_checkCancelled___closed__0();
lean_mark_persistent(lp_leanworker_LeanWorker_checkCancelled___closed__0);
return lean_io_result_mk_ok(lean_box(0));
}
#ifdef __cplusplus
}
#endif
