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
)
