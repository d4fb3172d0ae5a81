/* SPDX-License-Identifier: Apache-2.0 */
/* float.h - Float and Float32; conversions to integers saturate and take NaN to 0. */
#ifndef LEANRT_FLOAT_H
#define LEANRT_FLOAT_H

#include <lean/rt/base.h>

/* One row per function: kept as a table. */
/* clang-format off */
#define LEANRT_FN(R, name, T, value)	static inline R lean_##name(T a) { return (R)(value); }
#define LEANRT_OP(R, name, T, value)	static inline R lean_##name(T a, T b) { return (R)(value); }

#define LEANRT_FLOAT(n, T)						\
LEANRT_OP(T, n##_add, T, a + b)						\
LEANRT_OP(T, n##_sub, T, a - b)						\
LEANRT_OP(T, n##_mul, T, a * b)						\
LEANRT_OP(T, n##_div, T, a / b)						\
LEANRT_FN(T, n##_negate, T, -a)						\
LEANRT_OP(uint8_t, n##_beq, T, a == b)					\
LEANRT_OP(uint8_t, n##_decLt, T, a < b)					\
LEANRT_OP(uint8_t, n##_decLe, T, a <= b)				\
LEANRT_FN(uint8_t, n##_isnan, T, a != a)				\
LEANRT_FN(uint8_t, n##_isinf, T, __builtin_isinf(a) != 0)		\
LEANRT_FN(uint8_t, n##_isfinite, T, __builtin_isfinite(a) != 0)		\
LEANRT_FN(T, uint8_to_##n, uint8_t, a)					\
LEANRT_FN(T, uint16_to_##n, uint16_t, a)				\
LEANRT_FN(T, uint32_to_##n, uint32_t, a)				\
LEANRT_FN(T, uint64_to_##n, uint64_t, a)				\
LEANRT_FN(T, usize_to_##n, size_t, a)					\
LEANRT_FN(T, int8_to_##n, uint8_t, (int8_t)a)				\
LEANRT_FN(T, int16_to_##n, uint16_t, (int16_t)a)			\
LEANRT_FN(T, int32_to_##n, uint32_t, (int32_t)a)			\
LEANRT_FN(T, int64_to_##n, uint64_t, (int64_t)a)			\
LEANRT_FN(T, isize_to_##n, size_t, (ptrdiff_t)a)			\
LEANRT_FN(uint8_t, n##_to_uint8, T, leanrt_float_to_u((double)a, UINT8_MAX))	\
LEANRT_FN(uint16_t, n##_to_uint16, T, leanrt_float_to_u((double)a, UINT16_MAX))	\
LEANRT_FN(uint32_t, n##_to_uint32, T, leanrt_float_to_u((double)a, UINT32_MAX))	\
LEANRT_FN(uint64_t, n##_to_uint64, T, leanrt_float_to_u((double)a, UINT64_MAX))	\
LEANRT_FN(size_t, n##_to_usize, T, leanrt_float_to_u((double)a, SIZE_MAX))	\
LEANRT_FN(uint8_t, n##_to_int8, T, leanrt_float_to_s((double)a, INT8_MAX))	\
LEANRT_FN(uint16_t, n##_to_int16, T, leanrt_float_to_s((double)a, INT16_MAX))	\
LEANRT_FN(uint32_t, n##_to_int32, T, leanrt_float_to_s((double)a, INT32_MAX))	\
LEANRT_FN(uint64_t, n##_to_int64, T, leanrt_float_to_s((double)a, INT64_MAX))	\
LEANRT_FN(size_t, n##_to_isize, T, leanrt_float_to_s((double)a, PTRDIFF_MAX))

LEAN_EXPORT uint64_t leanrt_float_to_u(double a, uint64_t max);
LEAN_EXPORT int64_t leanrt_float_to_s(double a, int64_t max);

LEANRT_FLOAT(float, double)
LEANRT_FLOAT(float32, float)
LEANRT_FN(float, float_to_float32, double, a)
LEANRT_FN(double, float32_to_float, float, (double)a)

#undef LEANRT_FLOAT
#undef LEANRT_FN
#undef LEANRT_OP
/* clang-format on */

LEAN_EXPORT double lean_float_of_nat(lean_object *a);
LEAN_EXPORT lean_object *lean_float_to_string(double a);
LEAN_EXPORT lean_object *lean_float32_to_string(float a);
LEAN_EXPORT double lean_float_of_bits(uint64_t bits);
LEAN_EXPORT uint64_t lean_float_to_bits(double a);
LEAN_EXPORT float lean_float32_of_bits(uint32_t bits);
LEAN_EXPORT uint32_t lean_float32_to_bits(float a);

#endif
