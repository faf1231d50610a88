;; What a FASTQ check looks at in every byte, sixteen bytes at a time. The text begins at `text`; places are counted from there.
;; Loads may reach up to 15 bytes behind a line: what lies there is masked away.
(module
  (memory (export "memory") 19)
  ;; Answers of the functions, a 32-bit word each.
  (global $answers i32 (i32.const 0))
  ;; Sixteen bytes of ones, then sixteen of zeros: from 16 - n on, a mask of the first n bytes.
  (data (i32.const 64) "\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\ff\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
  (global $masks i32 (i32.const 64))
  ;; Line ends, 16,384 of them at most.
  (global $ends (export "ends") i32 (i32.const 4096))
  (global $text (export "text") i32 (i32.const 131072))

  (func $load (param $at i32) (result v128)
    (v128.load (i32.add (global.get $text) (local.get $at))))

  (func $answer (param $word i32) (param $value i32)
    (i32.store (i32.add (global.get $answers) (i32.shl (local.get $word) (i32.const 2))) (local.get $value)))

  ;; The lowest n bits, all sixteen for more.
  (func $first (param $n i32) (result i32)
    (select
      (i32.const 0xffff)
      (i32.sub (i32.shl (i32.const 1) (local.get $n)) (i32.const 1))
      (i32.gt_s (local.get $n) (i32.const 15))))

  ;; Places of line feeds in [from, to) into `ends`; answers how many. Word 0: up to where was looked.
  (func (export "lines") (param $from i32) (param $to i32) (result i32)
    (local $mask i32) (local $out i32) (local $full i32)
    (local.set $out (global.get $ends))
    (local.set $full (i32.add (global.get $ends) (i32.const 65472)))
    (loop $next
      (if (i32.and (i32.lt_u (local.get $from) (local.get $to)) (i32.le_u (local.get $out) (local.get $full))) (then
        (local.set $mask
          (i32.and
            (i8x16.bitmask (i8x16.eq (call $load (local.get $from)) (i8x16.splat (i32.const 10))))
            (call $first (i32.sub (local.get $to) (local.get $from)))))
        (loop $bits
          (if (local.get $mask) (then
            (i32.store (local.get $out) (i32.add (local.get $from) (i32.ctz (local.get $mask))))
            (local.set $out (i32.add (local.get $out) (i32.const 4)))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (br $bits))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next))))
    (call $answer (i32.const 0) (local.get $from))
    (i32.shr_u (i32.sub (local.get $out) (global.get $ends)) (i32.const 2)))

  (func $is (param $bytes v128) (param $letter i32) (result v128)
    (i8x16.eq (local.get $bytes) (i8x16.splat (local.get $letter))))

  ;; Bases in [from, to): answers how many are none at all. Word 1: G and C; word 2: ambiguous ones (RYSWKMBDHVN.-).
  (func (export "bases") (param $from i32) (param $to i32) (result i32)
    (local $bytes v128) (local $upper v128) (local $gc v128) (local $other v128)
    (local $within i32) (local $known i32) (local $strong i32) (local $ambiguous i32) (local $wrong i32)
    (loop $next
      (if (i32.lt_u (local.get $from) (local.get $to)) (then
        (local.set $bytes (call $load (local.get $from)))
        (local.set $within (call $first (i32.sub (local.get $to) (local.get $from))))
        ;; Without the bit of lower case no other byte becomes one of these letters.
        (local.set $upper (v128.and (local.get $bytes) (i8x16.splat (i32.const 0xdf))))
        (local.set $gc (v128.or
          (call $is (local.get $upper) (i32.const 67))
          (call $is (local.get $upper) (i32.const 71))))
        (local.set $known (i32.and (local.get $within) (i8x16.bitmask
          (v128.or (local.get $gc) (v128.or
            (call $is (local.get $upper) (i32.const 65))
            (v128.or
              (call $is (local.get $upper) (i32.const 84))
              (call $is (local.get $upper) (i32.const 85))))))))
        (local.set $strong (i32.add (local.get $strong)
          (i32.popcnt (i32.and (local.get $within) (i8x16.bitmask (local.get $gc))))))
        (if (i32.ne (local.get $known) (local.get $within)) (then
          ;; N, R, Y, S, W, K, M, B, D, H, V, a point and a hyphen.
          (local.set $other (v128.or
            (v128.or
              (v128.or (call $is (local.get $upper) (i32.const 78)) (call $is (local.get $upper) (i32.const 82)))
              (v128.or (call $is (local.get $upper) (i32.const 89)) (call $is (local.get $upper) (i32.const 83))))
            (v128.or
              (v128.or (call $is (local.get $upper) (i32.const 87)) (call $is (local.get $upper) (i32.const 75)))
              (v128.or (call $is (local.get $upper) (i32.const 77)) (call $is (local.get $upper) (i32.const 66))))))
          (local.set $other (v128.or (local.get $other) (v128.or
            (v128.or
              (v128.or (call $is (local.get $upper) (i32.const 68)) (call $is (local.get $upper) (i32.const 72)))
              (call $is (local.get $upper) (i32.const 86)))
            (v128.or (call $is (local.get $bytes) (i32.const 46)) (call $is (local.get $bytes) (i32.const 45))))))
          (local.set $known (i32.xor (local.get $within) (local.get $known)))
          (local.set $within (i32.and (local.get $known) (i8x16.bitmask (local.get $other))))
          (local.set $ambiguous (i32.add (local.get $ambiguous) (i32.popcnt (local.get $within))))
          (local.set $wrong (i32.add (local.get $wrong)
            (i32.popcnt (i32.xor (local.get $known) (local.get $within)))))))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next))))
    (call $answer (i32.const 1) (local.get $strong))
    (call $answer (i32.const 2) (local.get $ambiguous))
    (local.get $wrong))

  (func $add (param $sums v128) (param $bytes v128) (result v128)
    (i32x4.add (local.get $sums)
      (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $bytes)))))

  (func $halves (param $bytes v128) (param $by i32) (result v128)
    (i8x16.swizzle (local.get $bytes) (i8x16.add
      (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
      (i8x16.splat (local.get $by)))))

  ;; Bytes in [from, to): answers their sum. Word 3: the least, word 4: the greatest.
  (func (export "sum") (param $from i32) (param $to i32) (result i32)
    (local $bytes v128) (local $mask v128) (local $sums v128) (local $least v128) (local $most v128) (local $rest i32)
    (local.set $least (i8x16.splat (i32.const 0xff)))
    (loop $next
      (local.set $rest (i32.sub (local.get $to) (local.get $from)))
      (if (i32.gt_s (local.get $rest) (i32.const 15)) (then
        (local.set $bytes (call $load (local.get $from)))
        (local.set $sums (call $add (local.get $sums) (local.get $bytes)))
        (local.set $least (i8x16.min_u (local.get $least) (local.get $bytes)))
        (local.set $most (i8x16.max_u (local.get $most) (local.get $bytes)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next))))
    (if (i32.gt_s (local.get $rest) (i32.const 0)) (then
      (local.set $mask (v128.load (i32.sub (i32.add (global.get $masks) (i32.const 16)) (local.get $rest))))
      (local.set $bytes (v128.and (call $load (local.get $from)) (local.get $mask)))
      (local.set $sums (call $add (local.get $sums) (local.get $bytes)))
      (local.set $most (i8x16.max_u (local.get $most) (local.get $bytes)))
      (local.set $least (i8x16.min_u (local.get $least) (v128.or (local.get $bytes) (v128.not (local.get $mask)))))))
    ;; The sixteen of each fold in halves; a place behind the end is a zero, which matters to the least alone.
    (local.set $most (i8x16.max_u (local.get $most) (call $halves (local.get $most) (i32.const 8))))
    (local.set $most (i8x16.max_u (local.get $most) (call $halves (local.get $most) (i32.const 4))))
    (local.set $most (i8x16.max_u (local.get $most) (call $halves (local.get $most) (i32.const 2))))
    (local.set $most (i8x16.max_u (local.get $most) (call $halves (local.get $most) (i32.const 1))))
    (local.set $least (v128.not (local.get $least)))
    (local.set $least (i8x16.max_u (local.get $least) (call $halves (local.get $least) (i32.const 8))))
    (local.set $least (i8x16.max_u (local.get $least) (call $halves (local.get $least) (i32.const 4))))
    (local.set $least (i8x16.max_u (local.get $least) (call $halves (local.get $least) (i32.const 2))))
    (local.set $least (i8x16.max_u (local.get $least) (call $halves (local.get $least) (i32.const 1))))
    (call $answer (i32.const 3) (i32.sub (i32.const 255) (i8x16.extract_lane_u 0 (local.get $least))))
    (call $answer (i32.const 4) (i8x16.extract_lane_u 0 (local.get $most)))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sums)) (i32x4.extract_lane 1 (local.get $sums)))
      (i32.add (i32x4.extract_lane 2 (local.get $sums)) (i32x4.extract_lane 3 (local.get $sums)))))

  ;; The identifier of a name in [from, to), up to the first blank: answers its end. Words 5 and 6: its two hashes; 7 and 8: those
  ;; without the last two bytes. None of them is spread yet.
  (func (export "identifier") (param $from i32) (param $to i32) (result i32)
    (local $byte i32) (local $first i32) (local $second i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32)
    (local.set $first (i32.const 0x811c9dc5))
    (local.set $second (i32.const 0x2545f491))
    (local.set $a (local.get $first))
    (local.set $b (local.get $second))
    (local.set $c (local.get $first))
    (local.set $d (local.get $second))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $from) (local.get $to)))
        (local.set $byte (i32.load8_u (i32.add (global.get $text) (local.get $from))))
        (br_if $end (i32.eq (local.get $byte) (i32.const 32)))
        (br_if $end (i32.eq (local.get $byte) (i32.const 9)))
        (local.set $a (local.get $c))
        (local.set $b (local.get $d))
        (local.set $c (local.get $first))
        (local.set $d (local.get $second))
        (local.set $first (i32.mul (i32.xor (local.get $first) (local.get $byte)) (i32.const 0x01000193)))
        (local.set $second
          (i32.add (i32.mul (i32.xor (local.get $second) (local.get $byte)) (i32.const 0x2c1b3c6d)) (i32.const 1)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next)))
    (call $answer (i32.const 5) (local.get $first))
    (call $answer (i32.const 6) (local.get $second))
    (call $answer (i32.const 7) (local.get $a))
    (call $answer (i32.const 8) (local.get $b))
    (local.get $from))
)
