// SPDX-License-Identifier: Apache-2.0
//
// aes_x86.c - the AES instructions of x86 processors
//
// Two back ends: AES-NI (eight blocks at a time in 128 bit registers) and VAES on AVX-512 (32 blocks at a time in 512
// bit registers). AESENC is one forward round, AESDEC one round of the equivalent inverse cipher of FIPS 197
// section 5.3.5, so both take the round keys as the model stores them. Byte 0 of a register is byte 0 of the block. The
// processor is asked at run time; the file is built with the common flags and switches instructions on function by
// function. On other machines it is empty but for the two "not here" answers.

#include "crypto/aes_impl.h"

#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)
#define AES_X86 1
#include <immintrin.h>
#else
#define AES_X86 0
#endif

// Old versions of clang cannot ask for VAES; they get AES-NI only.
#if AES_X86 && (!defined(__clang__) || __clang_major__ >= 19)
#define AES_X86_VAES 1
#else
#define AES_X86_VAES 0
#endif

#if AES_X86

#define INLINE static inline __attribute__((always_inline))
#define NI __attribute__((target("aes,pclmul,sse4.1")))
#define UNROLL _Pragma("GCC unroll 8")

// ---- AES-NI ---------------------------------------------------------------------------------------------------------

NI INLINE __m128i ni_load(const uint8_t *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
NI INLINE void ni_store(uint8_t *p, __m128i x) { _mm_storeu_si128((__m128i *)(void *)p, x); }

// W blocks side by side, W a constant. t = NULL: plain ECB; else the tweak goes into the first and the last round key.
NI INLINE void ni_group(unsigned W, int dec, const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in,
                        uint8_t *out) {
  const uint8_t(*rk)[16] = dec ? k->inv : k->rk;
  const unsigned rounds = k->rounds;
  __m128i b[8];
  __m128i key = ni_load(rk[0]);
  UNROLL for (unsigned i = 0; i < W; i++) {
    b[i] = _mm_xor_si128(ni_load(in + 16 * i), key);
    if (t != NULL) {
      b[i] = _mm_xor_si128(b[i], ni_load(t + 16 * i));
    }
  }
  for (unsigned r = 1; r < rounds; r++) {
    key = ni_load(rk[r]);
    UNROLL for (unsigned i = 0; i < W; i++) { b[i] = dec ? _mm_aesdec_si128(b[i], key) : _mm_aesenc_si128(b[i], key); }
  }
  key = ni_load(rk[rounds]);
  UNROLL for (unsigned i = 0; i < W; i++) {
    const __m128i last = t != NULL ? _mm_xor_si128(key, ni_load(t + 16 * i)) : key;
    ni_store(out + 16 * i, dec ? _mm_aesdeclast_si128(b[i], last) : _mm_aesenclast_si128(b[i], last));
  }
}

NI INLINE void ni_blocks(int dec, int tweaked, const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in,
                         uint8_t *out, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    ni_group(8, dec, k, tweaked ? t + 16 * i : NULL, in + 16 * i, out + 16 * i);
  }
  for (; i < n; i++) {
    ni_group(1, dec, k, tweaked ? t + 16 * i : NULL, in + 16 * i, out + 16 * i);
  }
}

NI static void ni_encrypt(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n) {
  ni_blocks(0, 0, k, NULL, in, out, n);
}

NI static void ni_decrypt(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n) {
  ni_blocks(1, 0, k, NULL, in, out, n);
}

NI static void ni_xex_encrypt(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n) {
  ni_blocks(0, 1, k, t, in, out, n);
}

NI static void ni_xex_decrypt(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n) {
  ni_blocks(1, 1, k, t, in, out, n);
}

// times alpha: shift each 32 bit word left, bring in the top bit of the word below; the topmost comes back as 0x87.
NI INLINE __m128i ni_alpha(__m128i x) {
  const __m128i back = _mm_set_epi32(1, 1, 1, 0x87);
  const __m128i top = _mm_srai_epi32(_mm_shuffle_epi32(x, 0x93), 31);
  return _mm_xor_si128(_mm_slli_epi32(x, 1), _mm_and_si128(top, back));
}

// times alpha^8: one byte up; the byte that leaves comes back multiplied by 0x87 (carry-less).
NI INLINE __m128i ni_alpha8(__m128i x) {
  const __m128i back = _mm_clmulepi64_si128(_mm_srli_si128(x, 15), _mm_cvtsi32_si128(0x87), 0x00);
  return _mm_xor_si128(_mm_slli_si128(x, 1), back);
}

// Eight chains side by side, so that no step waits for the one before.
NI static void ni_alpha_run(const uint8_t t0[16], uint8_t *t, size_t n) {
  __m128i x[8];
  size_t i = 0;
  x[0] = ni_load(t0);
  UNROLL for (unsigned j = 1; j < 8; j++) { x[j] = ni_alpha(x[j - 1]); }
  for (; i + 8 <= n; i += 8) {
    UNROLL for (unsigned j = 0; j < 8; j++) {
      ni_store(t + 16 * (i + j), x[j]);
      x[j] = ni_alpha8(x[j]);
    }
  }
  UNROLL for (unsigned j = 0; j < 8; j++) {
    if (i + j < n) {
      ni_store(t + 16 * (i + j), x[j]);
    }
  }
}

NI static void ni_alpha_lines(const uint8_t *line, uint8_t *t, size_t n) {
  for (size_t i = 0; i < n; i++) {
    __m128i x = ni_load(line + 16 * i);
    for (unsigned j = 0; j < 4; j++) {
      ni_store(t + 64 * i + 16 * j, x);
      x = ni_alpha(x);
    }
  }
}

const cbit_backend_t *cbit_backend_aesni(void) {
  static const cbit_backend_t backend = {
      .encrypt = ni_encrypt,
      .decrypt = ni_decrypt,
      .xex_encrypt = ni_xex_encrypt,
      .xex_decrypt = ni_xex_decrypt,
      .alpha_run = ni_alpha_run,
      .alpha_lines = ni_alpha_lines,
  };
  return __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1")
             ? &backend
             : NULL;
}

#else  // !AES_X86

const cbit_backend_t *cbit_backend_aesni(void) { return NULL; }

#endif  // AES_X86

#if AES_X86_VAES

// ---- VAES -----------------------------------------------------------------------------------------------------------

#define VX __attribute__((target("aes,pclmul,sse4.1,avx2,avx512f,avx512bw,vaes,vpclmulqdq")))

// A partial group of m < 4 blocks touches only its own 2 * m words of 64 bits.
VX INLINE __m512i vx_load(const uint8_t *p, __mmask8 m) {
  return m == 0xff ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi64(m, p);
}

VX INLINE void vx_store(uint8_t *p, __mmask8 m, __m512i x) {
  if (m == 0xff) {
    _mm512_storeu_si512(p, x);
  } else {
    _mm512_mask_storeu_epi64(p, m, x);
  }
}

VX INLINE __m512i vx_key(const uint8_t rk[16]) {
  return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)rk));
}

// W registers of four blocks, W a constant. m masks the words of the (only) register if W = 1.
VX INLINE void vx_group(unsigned W, __mmask8 m, int dec, const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in,
                        uint8_t *out) {
  const uint8_t(*rk)[16] = dec ? k->inv : k->rk;
  const unsigned rounds = k->rounds;
  __m512i b[8];
  __m512i key = vx_key(rk[0]);
  UNROLL for (unsigned i = 0; i < W; i++) {
    b[i] = _mm512_xor_si512(vx_load(in + 64 * i, m), key);
    if (t != NULL) {
      b[i] = _mm512_xor_si512(b[i], vx_load(t + 64 * i, m));
    }
  }
  for (unsigned r = 1; r < rounds; r++) {
    key = vx_key(rk[r]);
    UNROLL for (unsigned i = 0; i < W; i++) {
      b[i] = dec ? _mm512_aesdec_epi128(b[i], key) : _mm512_aesenc_epi128(b[i], key);
    }
  }
  key = vx_key(rk[rounds]);
  UNROLL for (unsigned i = 0; i < W; i++) {
    const __m512i last = t != NULL ? _mm512_xor_si512(key, vx_load(t + 64 * i, m)) : key;
    vx_store(out + 64 * i, m, dec ? _mm512_aesdeclast_epi128(b[i], last) : _mm512_aesenclast_epi128(b[i], last));
  }
}

VX INLINE void vx_blocks(int dec, int tweaked, const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in,
                         uint8_t *out, size_t n) {
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    vx_group(8, 0xff, dec, k, tweaked ? t + 16 * i : NULL, in + 16 * i, out + 16 * i);
  }
  for (; i + 4 <= n; i += 4) {
    vx_group(1, 0xff, dec, k, tweaked ? t + 16 * i : NULL, in + 16 * i, out + 16 * i);
  }
  if (i < n) {
    const __mmask8 m = (__mmask8)((1u << (2 * (n - i))) - 1u);
    vx_group(1, m, dec, k, tweaked ? t + 16 * i : NULL, in + 16 * i, out + 16 * i);
  }
}

VX static void vx_encrypt(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n) {
  vx_blocks(0, 0, k, NULL, in, out, n);
}

VX static void vx_decrypt(const cbit_aes_key_t *k, const uint8_t *in, uint8_t *out, size_t n) {
  vx_blocks(1, 0, k, NULL, in, out, n);
}

VX static void vx_xex_encrypt(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n) {
  vx_blocks(0, 1, k, t, in, out, n);
}

VX static void vx_xex_decrypt(const cbit_aes_key_t *k, const uint8_t *t, const uint8_t *in, uint8_t *out, size_t n) {
  vx_blocks(1, 1, k, t, in, out, n);
}

// What leaves at the top of each block comes back multiplied by 0x87 (carry-less).
VX INLINE __m512i vx_reduce(__m512i shifted, __m512i out) {
  return _mm512_xor_si512(shifted, _mm512_clmulepi64_epi128(out, _mm512_set1_epi64(0x87), 0x00));
}

// times alpha^8 and alpha^16: whole bytes.
VX INLINE __m512i vx_alpha8(__m512i x) { return vx_reduce(_mm512_bslli_epi128(x, 1), _mm512_bsrli_epi128(x, 15)); }
VX INLINE __m512i vx_alpha16(__m512i x) { return vx_reduce(_mm512_bslli_epi128(x, 2), _mm512_bsrli_epi128(x, 14)); }

// times alpha^0, 1, 2, 3 for the four blocks of a register. A shift by 64 gives 0, as needed for alpha^0.
VX INLINE __m512i vx_alpha0123(__m512i x) {
  const __m512i left = _mm512_set_epi64(3, 3, 2, 2, 1, 1, 0, 0);
  const __m512i right = _mm512_set_epi64(61, 61, 62, 62, 63, 63, 64, 64);
  const __m512i carry = _mm512_srlv_epi64(x, right);
  const __m512i shifted = _mm512_xor_si512(_mm512_sllv_epi64(x, left), _mm512_bslli_epi128(carry, 8));
  return vx_reduce(shifted, _mm512_bsrli_epi128(carry, 8));
}

VX static void vx_alpha_run(const uint8_t t0[16], uint8_t *t, size_t n) {
  __m512i x[4];
  x[0] = vx_alpha0123(vx_key(t0));
  {
    // times alpha^4: half a byte
    const __m512i carry = _mm512_srli_epi64(x[0], 60);
    const __m512i shifted = _mm512_xor_si512(_mm512_slli_epi64(x[0], 4), _mm512_bslli_epi128(carry, 8));
    x[1] = vx_reduce(shifted, _mm512_bsrli_epi128(carry, 8));
  }
  x[2] = vx_alpha8(x[0]);
  x[3] = vx_alpha8(x[1]);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    UNROLL for (unsigned j = 0; j < 4; j++) {
      vx_store(t + 16 * i + 64 * j, 0xff, x[j]);
      x[j] = vx_alpha16(x[j]);
    }
  }
  UNROLL for (unsigned j = 0; j < 4; j++) {
    const size_t left = i + 4 * j < n ? n - i - 4 * j : 0;
    const __mmask8 m = (__mmask8)(left >= 4 ? 0xffu : (1u << (2 * left)) - 1u);
    _mm512_mask_storeu_epi64(t + 16 * (left > 0 ? i + 4 * j : 0), m, x[j]);
  }
}

VX static void vx_alpha_lines(const uint8_t *line, uint8_t *t, size_t n) {
  for (size_t i = 0; i < n; i++) {
    vx_store(t + 64 * i, 0xff, vx_alpha0123(vx_key(line + 16 * i)));
  }
}

const cbit_backend_t *cbit_backend_vaes512(void) {
  static const cbit_backend_t backend = {
      .encrypt = vx_encrypt,
      .decrypt = vx_decrypt,
      .xex_encrypt = vx_xex_encrypt,
      .xex_decrypt = vx_xex_decrypt,
      .alpha_run = vx_alpha_run,
      .alpha_lines = vx_alpha_lines,
  };
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("vaes") &&
                 __builtin_cpu_supports("vpclmulqdq")
             ? &backend
             : NULL;
}

#else  // !AES_X86_VAES

const cbit_backend_t *cbit_backend_vaes512(void) { return NULL; }

#endif  // AES_X86_VAES
