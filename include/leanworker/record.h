/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records: JSON objects as structs of the caller's own.
 *
 *      struct declaration {
 *              const char *name;
 *              uint32_t line;
 *              bool is_public;
 *              double weight;
 *      };
 *      LW_RECORD(declaration, struct declaration,
 *          LW_FIELD(name),
 *          LW_FIELD(line),
 *          LW_FIELD(is_public, LW_KEY("public")),
 *          LW_FIELD(weight, LW_DEFAULT("1")));
 *
 * That is the whole description. It decodes rows, summaries and replies, and encodes requests: see
 * LW_ROWS, LW_INTO and LW_VALUE. A member's type says what its JSON must be; one that is not in this
 * list does not compile. (In C an enum is one of the integers: LW_ENUM reads its names.)
 *
 *      bool                    true or false
 *      integers, not char      a whole number in the type's range, without fraction or exponent
 *      double                  a number, not beyond its range; the nearest double
 *      const char *            a string without U+0000; terminated
 *      struct lw_str           a string
 *      char [N]                a string of less than N bytes without U+0000; terminated
 *      struct lw_json          any value, null too; its text as it came
 *
 * What a decoded record points to is borrowed. It lives as long as what it was read from: a row until
 * its callback returns, a summary until lw_summary_clear, a reply until lw_reply_clear. LW_COPY keeps
 * a record for longer; a char [N] lies in the struct itself.
 *
 * A key that is not described is skipped; LW_STRICT_RECORD refuses it. A described key that comes
 * twice is refused, and so is the absence of one that has neither LW_OPTIONAL, LW_HAS nor LW_DEFAULT.
 * Names that end in an underscore are not for users.
 */
#ifndef LEANWORKER_RECORD_H
#define LEANWORKER_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C++" { /* even where the includer says extern "C" */
#include <type_traits>
}
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct lw_row;

struct lw_str {
	const char *at; /* UTF-8, not terminated; may hold U+0000 */
	size_t size;
};

struct lw_json {
	const char *at; /* one JSON value, not terminated */
	size_t size;
};

/* A name of LW_ENUM. */
struct lw_name {
	const char *name;
	int value;
};

/* ---- Describing a record --------------------------------------------------------------------- */

/*
 * LW_RECORD(name, type, fields...) describes `type`: at file scope, once in each file that uses it.
 * 1 to 64 fields; a member without one is zero after decoding. What it declares is named name_record, name_struct, name_sink and name_deliver_,
 * and not for users; so `name` may also be the name of the struct, or of a variable.
 */
#define LW_RECORD(name, type, ...)        LW_RECORD_(name, type, 0, __VA_ARGS__)
#define LW_STRICT_RECORD(name, type, ...) LW_RECORD_(name, type, LW_RECORD_STRICT_, __VA_ARGS__)

/*
 * LW_DECODER(name, type, decode, release) does so by a function, in place of fields; requests are not
 * encoded with it. decode gets JSON that has been checked:
 *      bool decode(const char *json, size_t size, void *ret_value, const char **ret_why,
 *          size_t *ret_offset)
 * false with a constant text and an offset is LW_E_DECODE; nothing is then released. *ret_value is
 * not initialised. Rows that are held are decoded when they come and again when they are handed over.
 * release(void *value), which may be NULL, follows the callback of a row; a summary or reply is the
 * caller's.
 */
#define LW_DECODER(name, type, decode, release)                                                    \
	LW_RECORD_TYPES_(name, type)                                                               \
	LW_UNUSED_ static inline const struct lw_record *name##_record(void)                       \
	{                                                                                          \
		static const struct lw_record record = { sizeof(struct lw_record),                 \
			sizeof(struct lw_field), sizeof(type), 0, 0, NULL, name##_deliver_,        \
			decode, release };                                                         \
		return &record;                                                                    \
	}                                                                                          \
	typedef type name##_struct

/*
 * Its fields. Up to two of LW_KEY, LW_OPTIONAL, LW_HAS and LW_DEFAULT may follow the arguments of
 * each. A count is a size_t beside its array.
 *
 *      LW_FIELD(member)                            of a type of the list above
 *      LW_ENUM(member, names)                      a string out of an array of struct lw_name; the
 *                                                  member is an enum or an integer
 *      LW_NESTED(member, record)                   a struct with a record of its own
 *      LW_ARRAY(member, count)                     `type member[N]`: at most N values
 *      LW_LIST(member, count)                      `const type *member`: as many as come
 *      LW_ARRAY_OF(member, count, record)          the same of structs with a record of their own
 *      LW_LIST_OF(member, count, record)
 */
#define LW_FIELD(...)    LW_FIELD_(__VA_ARGS__, LW_NONE_, LW_NONE_, )
#define LW_ENUM(...)     LW_ENUM_(__VA_ARGS__, LW_NONE_, LW_NONE_, )
#define LW_NESTED(...)   LW_NESTED_(__VA_ARGS__, LW_NONE_, LW_NONE_, )
#define LW_ARRAY(...)    LW_ARRAY_(__VA_ARGS__, LW_NONE_, LW_NONE_, )
#define LW_LIST(...)     LW_LIST_(__VA_ARGS__, LW_NONE_, LW_NONE_, )
#define LW_ARRAY_OF(...) LW_ARRAY_OF_(__VA_ARGS__, LW_NONE_, LW_NONE_, )
#define LW_LIST_OF(...)  LW_LIST_OF_(__VA_ARGS__, LW_NONE_, LW_NONE_, )

/* The JSON key, where it is not the member's name. */
#define LW_KEY(text) (LW_MODIFIER_KEY_, sizeof(text) - 1, "" text)
/* Absent or null: the member is zero, NULL, empty. Zero, NULL, empty: not written. */
#define LW_OPTIONAL (LW_MODIFIER_OPTIONAL_, 0, NULL)
/* The same, and a bool member beside it tells whether it was there; or is written. */
#define LW_HAS(member) (LW_MODIFIER_HAS_, LW_OFFSET_OF_(member, bool), NULL)
/* Absent or null: this JSON is read in its place. Always written. */
#define LW_DEFAULT(json) (LW_MODIFIER_DEFAULT_, sizeof(json) - 1, "" json)

/* ---- Using it -------------------------------------------------------------------------------- */

typedef const struct lw_record *lw_record_fn(void);
typedef void lw_any_fn(void);

/* What a request is made of: LW_VALUE, lw_text or lw_bytes. */
struct lw_input {
	lw_record_fn *record; /* NULL: the text itself */
	const void *value;
	const char *text;
	size_t size;
};

/* Where something is decoded to: LW_INTO. */
struct lw_output {
	lw_record_fn *record; /* NULL: nowhere */
	void *value;
};

/* Where the rows of a stream go: LW_ROWS. */
struct lw_rows {
	const char *stream; /* NULL: each that has no entry of its own */
	lw_record_fn *record;
	lw_any_fn *on_row;
};

/* A pointer to a struct that LW_RECORD described: what is written. Nothing else compiles. */
#define LW_VALUE(name, pointer) (lw_value_(name##_record, LW_IN_(name, pointer)))
/* The same for what is read; it is written to on success only. */
#define LW_INTO(name, pointer) (lw_into_(name##_record, LW_OUT_(name, pointer)))
/*
 * An initialiser: the rows of this stream are decoded, and given to
 *      int on_row(void *context, const struct lw_row *row, const type *value)
 * which may return nonzero to end the request.
 */
#define LW_ROWS(stream, name, on_row)                                                              \
	{                                                                                          \
		stream, name##_record, LW_SINK_(name, on_row)                                      \
	}

/* A request that is JSON already, of this size. Not copied: it lives until the call has returned. */
static inline struct lw_input
lw_bytes(const char *text, size_t size)
{
	struct lw_input input = { NULL, NULL, text, size };

	return input;
}

/* The same of a terminated text; NULL is the empty one. */
static inline struct lw_input
lw_text(const char *text)
{
	size_t size = 0;

	while (text != NULL && text[size] != '\0')
		size++;
	return lw_bytes(text, size);
}

/* ---- How it works: nothing below is for users ------------------------------------------------ */

enum lw_kind_ {
	LW_KIND_BOOL_ = 1,
	LW_KIND_INT_,
	LW_KIND_UINT_,
	LW_KIND_DOUBLE_,
	LW_KIND_STRING_,
	LW_KIND_STR_,
	LW_KIND_CHARS_,
	LW_KIND_JSON_,
	LW_KIND_ENUM_,
	LW_KIND_RECORD_
};

enum lw_shape_ { LW_SHAPE_ONE_, LW_SHAPE_ARRAY_, LW_SHAPE_LIST_ };

enum lw_modifiers_ {
	LW_MODIFIER_NONE_,
	LW_MODIFIER_KEY_,
	LW_MODIFIER_OPTIONAL_,
	LW_MODIFIER_HAS_,
	LW_MODIFIER_DEFAULT_
};

struct lw_modifier_ {
	uint32_t what;
	uint32_t number; /* the size of the text, or the offset of a member */
	const char *text;
};

struct lw_field {
	const char *member;
	uint32_t member_size;
	uint8_t kind, shape; /* lw_kind_, lw_shape_ */
	uint16_t name_count;
	uint32_t offset, size; /* of the member; of one value of it */
	uint32_t capacity;     /* of LW_SHAPE_ARRAY_ */
	uint32_t count_offset; /* of an array's count */
	const struct lw_name *names;
	lw_record_fn *record;
	struct lw_modifier_ modifiers[2];
};

#define LW_RECORD_STRICT_ 1u

struct lw_record {
	uint32_t struct_size, field_size; /* of this struct, of lw_field: they may grow */
	uint32_t size;                    /* of the described struct */
	uint32_t flags;
	uint32_t field_count;
	const struct lw_field *fields;
	/* Gives the pointers their types back and makes the call. */
	int (*deliver)(
	    lw_any_fn *on_row, void *context, const struct lw_row *row, const void *value);
	/* Instead of fields, and only to decode: true, or *ret_why and *ret_offset say what is wrong. */
	bool (*decode)(const char *json, size_t size, void *ret_value, const char **ret_why,
	    size_t *ret_offset);
	void (*release)(void *value); /* of decode's, after the callback; may be NULL */
};

#define LW_UNUSED_ __attribute__((unused)) /* by the file that describes it */

/* The fields are named inside of a function, where lw_this can stand for the struct. */
#define LW_RECORD_(name, type, flags, ...)                                                         \
	LW_RECORD_TYPES_(name, type)                                                               \
	LW_UNUSED_ static inline const struct lw_record *name##_record(void)                       \
	{                                                                                          \
		typedef type lw_this;                                                              \
		static const struct lw_field fields[] = { __VA_ARGS__ };                           \
		static const struct lw_record record = { sizeof(struct lw_record),                 \
			sizeof(struct lw_field), sizeof(lw_this), flags,                           \
			sizeof fields / sizeof fields[0], fields, name##_deliver_, NULL, NULL };   \
		LW_ASSERT_(sizeof fields / sizeof fields[0] <= 64, "at most 64 fields");           \
		LW_ASSERT_(LW_ALIGN_(type) <= LW_ALIGN_(max_align_t), "aligned as malloc does");   \
		return &record;                                                                    \
	}                                                                                          \
	typedef type name##_struct /* again, for the user's semicolon */

#define LW_RECORD_TYPES_(name, type)                                                               \
	typedef type name##_struct;                                                                \
	typedef int name##_sink(void *context, const struct lw_row *row, const type *value);       \
	static inline int name##_deliver_(                                                         \
	    lw_any_fn *on_row, void *context, const struct lw_row *row, const void *value)         \
	{                                                                                          \
		return LW_FUNCTION_(name##_sink *, on_row)(                                        \
		    context, row, LW_POINTER_(const type *, value));                               \
	}

/* LW_FIELD(x, LW_KEY("y")) arrives as x, a tuple in parentheses, LW_NONE_, LW_NONE_. */
#define LW_NONE_ (LW_MODIFIER_NONE_, 0, NULL)
#define LW_UNTUPLE_(...)                                                                           \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define LW_MODIFIED_(first, second, ...)                                                           \
	{                                                                                          \
		LW_UNTUPLE_ first, LW_UNTUPLE_ second LW_NO_MORE_(__VA_ARGS__, , , )               \
	}
/* Of what is behind the second one: nothing, unless there was a third one, which compiles nowhere. */
#define LW_NO_MORE_(rest, none, third, ...) third

#define LW_MEMBER_(member) #member, sizeof(#member) - 1
#define LW_PLACE_(member)  offsetof(lw_this, member)

#define LW_FIELD_(member, first, second, ...)                                                      \
	{                                                                                          \
		LW_MEMBER_(member), LW_KIND_OF_(member), LW_SHAPE_ONE_, 0, LW_PLACE_(member),      \
		    sizeof(LW_TYPE_(member)), 0, 0, NULL, NULL,                                    \
		    LW_MODIFIED_(first, second, __VA_ARGS__)                                       \
	}
#define LW_ENUM_(member, names, first, second, ...)                                                \
	{                                                                                          \
		LW_MEMBER_(member), LW_ENUM_KIND_(member), LW_SHAPE_ONE_,                          \
		    sizeof(names) / sizeof((names)[0]), LW_PLACE_(member),                         \
		    sizeof(LW_TYPE_(member)), 0, 0, names, NULL,                                   \
		    LW_MODIFIED_(first, second, __VA_ARGS__)                                       \
	}
#define LW_NESTED_(member, of, first, second, ...)                                                 \
	{                                                                                          \
		LW_MEMBER_(member), LW_RECORD_KIND_(member, of##_struct), LW_SHAPE_ONE_, 0,        \
		    LW_PLACE_(member), sizeof(of##_struct), 0, 0, NULL, of##_record,               \
		    LW_MODIFIED_(first, second, __VA_ARGS__)                                       \
	}
#define LW_ARRAY_(member, count, first, second, ...)                                               \
	{                                                                                          \
		LW_MEMBER_(member), LW_ARRAY_KIND_(member), LW_SHAPE_ARRAY_, 0, LW_PLACE_(member), \
		    LW_ELEMENT_(member), sizeof(LW_TYPE_(member)) / LW_ELEMENT_(member),           \
		    LW_OFFSET_OF_(count, size_t), NULL, NULL,                                      \
		    LW_MODIFIED_(first, second, __VA_ARGS__)                                       \
	}
#define LW_LIST_(member, count, first, second, ...)                                                \
	{                                                                                          \
		LW_MEMBER_(member), LW_LIST_KIND_(member), LW_SHAPE_LIST_, 0, LW_PLACE_(member),   \
		    LW_ELEMENT_(member), 0, LW_OFFSET_OF_(count, size_t), NULL, NULL,              \
		    LW_MODIFIED_(first, second, __VA_ARGS__)                                       \
	}
#define LW_ARRAY_OF_(member, count, of, first, second, ...)                                        \
	{                                                                                          \
		LW_MEMBER_(member), LW_RECORD_ARRAY_KIND_(member, of##_struct), LW_SHAPE_ARRAY_,   \
		    0, LW_PLACE_(member), sizeof(of##_struct),                                     \
		    sizeof(LW_TYPE_(member)) / sizeof(of##_struct), LW_OFFSET_OF_(count, size_t),  \
		    NULL, of##_record, LW_MODIFIED_(first, second, __VA_ARGS__)                    \
	}
#define LW_LIST_OF_(member, count, of, first, second, ...)                                         \
	{                                                                                          \
		LW_MEMBER_(member), LW_RECORD_LIST_KIND_(member, of##_struct), LW_SHAPE_LIST_, 0,  \
		    LW_PLACE_(member), sizeof(of##_struct), 0, LW_OFFSET_OF_(count, size_t), NULL, \
		    of##_record, LW_MODIFIED_(first, second, __VA_ARGS__)                          \
	}

static inline struct lw_input
lw_value_(lw_record_fn *record, const void *value)
{
	struct lw_input input = { record, value, NULL, 0 };

	return input;
}

static inline struct lw_output
lw_into_(lw_record_fn *record, void *value)
{
	struct lw_output output = { record, value };

	return output;
}

#ifndef __cplusplus

#define LW_ASSERT_(condition, text) _Static_assert(condition, text)
#define LW_ALIGN_(type)             _Alignof(type)
#define LW_FUNCTION_(type, value)   ((type)(value))
#define LW_POINTER_(type, value)    ((type)(value))
#define LW_AT_(member)              (&((lw_this *)0)->member)
#define LW_TYPE_(member)            (((lw_this *)0)->member)
#define LW_ELEMENT_(member)         sizeof(*((lw_this *)0)->member)

/* Selected by a pointer to the member: an array must not decay, nor an enum be promoted. */
/* clang-format off */
#define LW_INTEGERS_(X)                                                                            \
	X(signed char):   LW_KIND_INT_,  X(short):              LW_KIND_INT_,                      \
	X(int):           LW_KIND_INT_,  X(long):               LW_KIND_INT_,                      \
	X(long long):     LW_KIND_INT_,  X(unsigned char):      LW_KIND_UINT_,                     \
	X(unsigned short): LW_KIND_UINT_, X(unsigned):          LW_KIND_UINT_,                     \
	X(unsigned long): LW_KIND_UINT_, X(unsigned long long): LW_KIND_UINT_
#define LW_SCALARS_(X)                                                                             \
	LW_INTEGERS_(X), X(bool): LW_KIND_BOOL_, X(double): LW_KIND_DOUBLE_,                       \
	X(struct lw_str): LW_KIND_STR_, X(struct lw_json): LW_KIND_JSON_
#define LW_TO_(type)      type *
#define LW_TO_LIST_(type) const type **

#define LW_KIND_OF_(member) _Generic(LW_AT_(member),                                               \
	LW_SCALARS_(LW_TO_), const char **: LW_KIND_STRING_,                                       \
	char (*)[sizeof(LW_TYPE_(member))]: LW_KIND_CHARS_)
#define LW_LIST_KIND_(member) _Generic(LW_AT_(member),                                             \
	LW_SCALARS_(LW_TO_LIST_), const char *const **: LW_KIND_STRING_)
/* Only a pointer to an array of that many fits: one to a pointer does not. */
#define LW_ARRAY_KIND_(member) _Generic(LW_AT_(member),                                            \
	LW_ARRAYS_(sizeof(LW_TYPE_(member)) / LW_ELEMENT_(member)))
#define LW_ARRAYS_(n)                                                                              \
	signed char (*)[n]:    LW_KIND_INT_,    short (*)[n]:              LW_KIND_INT_,           \
	int (*)[n]:            LW_KIND_INT_,    long (*)[n]:               LW_KIND_INT_,           \
	long long (*)[n]:      LW_KIND_INT_,    unsigned char (*)[n]:      LW_KIND_UINT_,          \
	unsigned short (*)[n]: LW_KIND_UINT_,   unsigned (*)[n]:           LW_KIND_UINT_,          \
	unsigned long (*)[n]:  LW_KIND_UINT_,   unsigned long long (*)[n]: LW_KIND_UINT_,          \
	bool (*)[n]:           LW_KIND_BOOL_,   double (*)[n]:             LW_KIND_DOUBLE_,        \
	struct lw_str (*)[n]:  LW_KIND_STR_,    struct lw_json (*)[n]:     LW_KIND_JSON_,          \
	const char *(*)[n]:    LW_KIND_STRING_
#define LW_ENUM_KIND_(member)                                                                      \
	(_Generic(LW_AT_(member), LW_INTEGERS_(LW_TO_)) ? LW_KIND_ENUM_ : LW_KIND_ENUM_)
#define LW_RECORD_KIND_(member, type)      _Generic(LW_AT_(member), type *: LW_KIND_RECORD_)
#define LW_RECORD_LIST_KIND_(member, type) _Generic(LW_AT_(member), const type **: LW_KIND_RECORD_)
#define LW_RECORD_ARRAY_KIND_(member, type)                                                        \
	_Generic(LW_AT_(member), type (*)[sizeof(LW_TYPE_(member)) / sizeof(type)]: LW_KIND_RECORD_)
#define LW_OFFSET_OF_(member, type)        _Generic(LW_AT_(member), type *: LW_PLACE_(member))
#define LW_IN_(record, pointer)                                                                    \
	_Generic((pointer), record##_struct *: (pointer), const record##_struct *: (pointer))
#define LW_OUT_(record, pointer) _Generic((pointer), record##_struct *: (pointer))
#define LW_SINK_(record, on_row) (lw_any_fn *)_Generic((on_row), record##_sink *: (on_row))
/* clang-format on */

#else

#define LW_ASSERT_(condition, text) static_assert(condition, text)
#define LW_ALIGN_(type)             alignof(type)
#define LW_FUNCTION_(type, value)   (reinterpret_cast<type>(value))
#define LW_POINTER_(type, value)    (static_cast<type>(value))
#define LW_TYPE_(member)            decltype(lw_this::member)
#define LW_ELEMENT_(member)         sizeof(lw_element_<LW_TYPE_(member)>)

extern "C++" {
/* What a member is without its array or pointer. */
template <typename type> using lw_element_ = std::remove_pointer_t<std::decay_t<type>>;

template <typename type>
constexpr uint8_t
lw_kind_of_()
{
	if constexpr (std::is_same_v<type, bool>)
		return LW_KIND_BOOL_;
	else if constexpr (std::is_integral_v<type> && !std::is_same_v<type, char> &&
			   !std::is_same_v<type, wchar_t> && !std::is_same_v<type, char16_t> &&
			   !std::is_same_v<type, char32_t>)
		return std::is_signed_v<type> ? LW_KIND_INT_ : LW_KIND_UINT_;
	else if constexpr (std::is_same_v<type, double>)
		return LW_KIND_DOUBLE_;
	else if constexpr (std::is_same_v<type, const char *>)
		return LW_KIND_STRING_;
	else if constexpr (std::is_same_v<type, lw_str>)
		return LW_KIND_STR_;
	else if constexpr (std::is_same_v<type, lw_json>)
		return LW_KIND_JSON_;
	else if constexpr (std::is_array_v<type> &&
			   std::is_same_v<std::remove_extent_t<type>, char>)
		return LW_KIND_CHARS_;
	else
		static_assert(!sizeof(type), "leanworker/record.h lists the types of members");
}

template <typename type>
constexpr uint8_t
lw_enum_kind_()
{
	if constexpr (!std::is_enum_v<type>)
		static_assert(
		    lw_kind_of_<type>() == LW_KIND_INT_ || lw_kind_of_<type>() == LW_KIND_UINT_,
		    "an enum or an integer");
	return LW_KIND_ENUM_;
}

template <typename type>
constexpr uint8_t
lw_array_kind_()
{
	static_assert(std::is_array_v<type>, "an array");
	return lw_kind_of_<std::remove_extent_t<type>>();
}

template <typename type>
constexpr uint8_t
lw_list_kind_()
{
	static_assert(std::is_pointer_v<type> && std::is_const_v<std::remove_pointer_t<type>>,
	    "a pointer to constant values");
	return lw_kind_of_<std::remove_const_t<std::remove_pointer_t<type>>>();
}

template <typename type, typename wanted>
constexpr uint8_t
lw_record_kind_()
{
	static_assert(std::is_same_v<type, wanted>, "of the type that the record describes");
	return LW_KIND_RECORD_;
}

template <typename type, typename wanted>
constexpr uint32_t
lw_offset_(size_t offset)
{
	static_assert(std::is_same_v<type, wanted>, "a count is a size_t, LW_HAS takes a bool");
	return static_cast<uint32_t>(offset);
}

/* Only this pointer, and none that converts to it. */
template <typename wanted, typename type>
constexpr type
lw_pointer_(type pointer)
{
	static_assert(std::is_same_v<std::remove_const_t<std::remove_pointer_t<type>>, wanted>,
	    "a pointer to the struct that the record describes");
	return pointer;
}
}

#define LW_KIND_OF_(member)           lw_kind_of_<LW_TYPE_(member)>()
#define LW_ENUM_KIND_(member)         lw_enum_kind_<LW_TYPE_(member)>()
#define LW_ARRAY_KIND_(member)        lw_array_kind_<LW_TYPE_(member)>()
#define LW_LIST_KIND_(member)         lw_list_kind_<LW_TYPE_(member)>()
#define LW_RECORD_KIND_(member, type) lw_record_kind_<LW_TYPE_(member), type>()
#define LW_RECORD_ARRAY_KIND_(member, type)                                                        \
	(static_cast<void>(sizeof(char[std::is_array_v<LW_TYPE_(member)> ? 1 : -1])),              \
	    lw_record_kind_<std::remove_extent_t<LW_TYPE_(member)>, type>())
#define LW_RECORD_LIST_KIND_(member, type) lw_record_kind_<LW_TYPE_(member), const type *>()
#define LW_OFFSET_OF_(member, type)        lw_offset_<LW_TYPE_(member), type>(offsetof(lw_this, member))
#define LW_IN_(record, pointer)            lw_pointer_<record##_struct>(pointer)
#define LW_OUT_(record, pointer)           lw_pointer_<record##_struct>(pointer)
#define LW_SINK_(record, on_row)           reinterpret_cast<lw_any_fn *>(static_cast<record##_sink *>(on_row))

#endif

#ifdef __cplusplus
}
#endif

#endif
