;; Vectors over the field of p = 2^61 - 1, eight bytes an element, little-endian, each below p.
;; Pointers are in bytes, n in elements. Nothing here branches on a value: time does not depend on data.
(module
  (memory (export "memory") 32)

  ;; x below 2^64 -> x mod p: 2^61 = 1, so the high bits are added once; what is left is below 2p.
  (func $reduce (param $x i64) (result i64)
    (local $s i64)
    (local.set $s
      (i64.add
        (i64.and (local.get $x) (i64.const 0x1fffffffffffffff))
        (i64.shr_u (local.get $x) (i64.const 61))))
    (select
      (local.get $s)
      (i64.sub (local.get $s) (i64.const 0x1fffffffffffffff))
      (i64.lt_u (local.get $s) (i64.const 0x1fffffffffffffff))))

  ;; a = a1 2^31 + a0, b likewise, a1 and b1 below 2^30:
  ;; ab = a1 b1 2^62 + mid 2^31 + a0 b0 with mid = a1 b0 + a0 b1 = m1 2^30 + m0,
  ;; and 2^62 = 2, mid 2^31 = m1 2^61 + m0 2^31 = m1 + m0 2^31. Each term is below 2^62, the sum below 2^64.
  (func $mul (param $a i64) (param $b i64) (result i64)
    (local $a0 i64) (local $a1 i64) (local $b0 i64) (local $b1 i64) (local $mid i64)
    (local.set $a0 (i64.and (local.get $a) (i64.const 0x7fffffff)))
    (local.set $a1 (i64.shr_u (local.get $a) (i64.const 31)))
    (local.set $b0 (i64.and (local.get $b) (i64.const 0x7fffffff)))
    (local.set $b1 (i64.shr_u (local.get $b) (i64.const 31)))
    (local.set $mid
      (i64.add
        (i64.mul (local.get $a1) (local.get $b0))
        (i64.mul (local.get $a0) (local.get $b1))))
    (call $reduce
      (i64.add
        (i64.add
          (i64.shl (i64.mul (local.get $a1) (local.get $b1)) (i64.const 1))
          (i64.shr_u (local.get $mid) (i64.const 30)))
        (i64.add
          (i64.shl (i64.and (local.get $mid) (i64.const 0x3fffffff)) (i64.const 31))
          (i64.mul (local.get $a0) (local.get $b0))))))

  (func $at (param $p i32) (param $i i32) (result i32)
    (i32.add (local.get $p) (i32.shl (local.get $i) (i32.const 3))))

  ;; out = a + b
  (func (export "add") (param $out i32) (param $a i32) (param $b i32) (param $n i32)
    (local $i i32)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (i64.store (call $at (local.get $out) (local.get $i))
          (call $reduce (i64.add
            (i64.load (call $at (local.get $a) (local.get $i)))
            (i64.load (call $at (local.get $b) (local.get $i))))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))

  ;; out = a - b
  (func (export "sub") (param $out i32) (param $a i32) (param $b i32) (param $n i32)
    (local $i i32)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (i64.store (call $at (local.get $out) (local.get $i))
          (call $reduce (i64.add
            (i64.load (call $at (local.get $a) (local.get $i)))
            (i64.sub (i64.const 0x1fffffffffffffff) (i64.load (call $at (local.get $b) (local.get $i)))))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))

  ;; out = a b
  (func (export "mul") (param $out i32) (param $a i32) (param $b i32) (param $n i32)
    (local $i i32)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (i64.store (call $at (local.get $out) (local.get $i))
          (call $mul
            (i64.load (call $at (local.get $a) (local.get $i)))
            (i64.load (call $at (local.get $b) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))

  ;; One party's part of a replicated product: out = x y + x y' + x' y
  (func (export "cross") (param $out i32) (param $x i32) (param $x2 i32) (param $y i32) (param $y2 i32) (param $n i32)
    (local $i i32) (local $v i64) (local $w i64) (local $v2 i64) (local $w2 i64)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (local.set $v (i64.load (call $at (local.get $x) (local.get $i))))
        (local.set $v2 (i64.load (call $at (local.get $x2) (local.get $i))))
        (local.set $w (i64.load (call $at (local.get $y) (local.get $i))))
        (local.set $w2 (i64.load (call $at (local.get $y2) (local.get $i))))
        (i64.store (call $at (local.get $out) (local.get $i))
          (call $reduce (i64.add
            (call $mul (local.get $v) (call $reduce (i64.add (local.get $w) (local.get $w2))))
            (call $mul (local.get $v2) (local.get $w)))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))

  ;; sum of a b
  (func (export "dot") (param $a i32) (param $b i32) (param $n i32) (result i64)
    (local $i i32) (local $sum i64)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (local.set $sum (call $reduce (i64.add (local.get $sum)
          (call $mul
            (i64.load (call $at (local.get $a) (local.get $i)))
            (i64.load (call $at (local.get $b) (local.get $i)))))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next))))
    (local.get $sum))

  ;; 1 when each of n words is below p, else 0
  (func (export "elements") (param $a i32) (param $n i32) (result i32)
    (local $i i32) (local $wrong i32)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (local.set $wrong (i32.or (local.get $wrong)
          (i64.ge_u (i64.load (call $at (local.get $a) (local.get $i))) (i64.const 0x1fffffffffffffff))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next))))
    (i32.eqz (local.get $wrong)))

  ;; Random 64-bit words -> elements: the low 61 bits, p itself becomes 0 (distance from uniform 2^-61).
  (func (export "uniform") (param $out i32) (param $a i32) (param $n i32)
    (local $i i32)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (i64.store (call $at (local.get $out) (local.get $i))
          (call $reduce (i64.and (i64.load (call $at (local.get $a) (local.get $i))) (i64.const 0x1fffffffffffffff))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))

  ;; out = a + plus - minus, where plus and minus are random 64-bit words whose low 61 bits count
  (func (export "masked") (param $out i32) (param $a i32) (param $plus i32) (param $minus i32) (param $n i32)
    (local $i i32)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (i64.store (call $at (local.get $out) (local.get $i))
          (call $reduce (i64.add
            (i64.add
              (i64.load (call $at (local.get $a) (local.get $i)))
              (i64.and (i64.load (call $at (local.get $plus) (local.get $i))) (i64.const 0x1fffffffffffffff)))
            (i64.sub (i64.const 0x1fffffffffffffff)
              (i64.and (i64.load (call $at (local.get $minus) (local.get $i))) (i64.const 0x1fffffffffffffff))))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))

  ;; n elements as their low 31 bits (n words of 32 bits) and, after those, their high 30 bits: what dots takes
  (func (export "split") (param $out i32) (param $a i32) (param $n i32)
    (local $i i32) (local $v i64) (local $p i32)
    (loop $next
      (if (i32.lt_u (local.get $i) (local.get $n)) (then
        (local.set $v (i64.load (call $at (local.get $a) (local.get $i))))
        (local.set $p (i32.add (local.get $out) (i32.shl (local.get $i) (i32.const 2))))
        (i32.store (local.get $p) (i32.wrap_i64 (i64.and (local.get $v) (i64.const 0x7fffffff))))
        (i32.store
          (i32.add (local.get $p) (i32.shl (local.get $n) (i32.const 2)))
          (i32.wrap_i64 (i64.shr_u (local.get $v) (i64.const 31))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))))

  ;; each lane below 2^64 -> below 2^61 + 8, the same mod p
  (func $fold (param $x v128) (result v128)
    (i64x2.add
      (v128.and (local.get $x) (v128.const i64x2 0x1fffffffffffffff 0x1fffffffffffffff))
      (i64x2.shr_u (local.get $x) (i32.const 61))))

  (func $lanes (param $x v128) (result i64)
    (call $reduce (i64.add
      (call $reduce (i64x2.extract_lane 0 (local.get $x)))
      (call $reduce (i64x2.extract_lane 1 (local.get $x))))))

  ;; out[j] += inner product of the split row a with the split row j of b; n is a multiple of 16.
  ;; Products of low parts are below 2^62, of mixed below 2^61, of high below 2^60: four steps fit into 64 bits, then they fold.
  (func (export "dots") (param $out i32) (param $a i32) (param $b i32) (param $rows i32) (param $n i32)
    (local $row i32) (local $i i32) (local $end i32) (local $half i32) (local $pa i32) (local $pb i32)
    (local $a0 v128) (local $a1 v128) (local $b0 v128) (local $b1 v128)
    (local $low v128) (local $low2 v128) (local $mid v128) (local $mid2 v128) (local $high v128) (local $high2 v128)
    (local $sumLow v128) (local $sumMid v128) (local $sumHigh v128) (local $m i64)
    (local.set $half (i32.shl (local.get $n) (i32.const 2)))
    (loop $nextRow
      (if (i32.lt_u (local.get $row) (local.get $rows)) (then
        (local.set $pa (local.get $a))
        (local.set $pb (i32.add (local.get $b) (i32.mul (local.get $row) (i32.shl (local.get $n) (i32.const 3)))))
        (local.set $end (i32.add (local.get $a) (local.get $half)))
        (local.set $sumLow (v128.const i64x2 0 0))
        (local.set $sumMid (v128.const i64x2 0 0))
        (local.set $sumHigh (v128.const i64x2 0 0))
        (loop $group
          (if (i32.lt_u (local.get $pa) (local.get $end)) (then
            (local.set $low (v128.const i64x2 0 0)) (local.set $low2 (v128.const i64x2 0 0))
            (local.set $mid (v128.const i64x2 0 0)) (local.set $mid2 (v128.const i64x2 0 0))
            (local.set $high (v128.const i64x2 0 0)) (local.set $high2 (v128.const i64x2 0 0))
            (local.set $i (i32.const 0))
            (loop $step
              (local.set $a0 (v128.load (local.get $pa)))
              (local.set $a1 (v128.load (i32.add (local.get $pa) (local.get $half))))
              (local.set $b0 (v128.load (local.get $pb)))
              (local.set $b1 (v128.load (i32.add (local.get $pb) (local.get $half))))
              (local.set $low (i64x2.add (local.get $low) (i64x2.extmul_low_i32x4_u (local.get $a0) (local.get $b0))))
              (local.set $low2 (i64x2.add (local.get $low2) (i64x2.extmul_high_i32x4_u (local.get $a0) (local.get $b0))))
              (local.set $mid (i64x2.add (i64x2.add (local.get $mid)
                (i64x2.extmul_low_i32x4_u (local.get $a0) (local.get $b1)))
                (i64x2.extmul_low_i32x4_u (local.get $a1) (local.get $b0))))
              (local.set $mid2 (i64x2.add (i64x2.add (local.get $mid2)
                (i64x2.extmul_high_i32x4_u (local.get $a0) (local.get $b1)))
                (i64x2.extmul_high_i32x4_u (local.get $a1) (local.get $b0))))
              (local.set $high (i64x2.add (local.get $high) (i64x2.extmul_low_i32x4_u (local.get $a1) (local.get $b1))))
              (local.set $high2 (i64x2.add (local.get $high2) (i64x2.extmul_high_i32x4_u (local.get $a1) (local.get $b1))))
              (local.set $pa (i32.add (local.get $pa) (i32.const 16)))
              (local.set $pb (i32.add (local.get $pb) (i32.const 16)))
              (local.set $i (i32.add (local.get $i) (i32.const 1)))
              (br_if $step (i32.lt_u (local.get $i) (i32.const 4))))
            (local.set $sumLow (call $fold (i64x2.add (local.get $sumLow)
              (i64x2.add (call $fold (local.get $low)) (call $fold (local.get $low2))))))
            (local.set $sumMid (call $fold (i64x2.add (local.get $sumMid)
              (i64x2.add (call $fold (local.get $mid)) (call $fold (local.get $mid2))))))
            (local.set $sumHigh (call $fold (i64x2.add (local.get $sumHigh)
              (i64x2.add (call $fold (local.get $high)) (call $fold (local.get $high2))))))
            (br $group))))
        ;; weights 1, 2^31 and 2^62 = 2
        (local.set $m (call $lanes (local.get $sumHigh)))
        (i64.store (call $at (local.get $out) (local.get $row))
          (call $reduce (i64.add
            (i64.add (i64.load (call $at (local.get $out) (local.get $row))) (call $lanes (local.get $sumLow)))
            (i64.add
              (call $mul (call $lanes (local.get $sumMid)) (i64.const 0x80000000))
              (call $reduce (i64.add (local.get $m) (local.get $m)))))))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $nextRow)))))
)
