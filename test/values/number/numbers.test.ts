import { expect, test } from 'vitest'
import { holdsBigInteger } from '../../../src/values/number/big-integer.js'
import { decimalNumber } from '../../../src/values/number/number.js'
import { pythonNumber, pythonTokenEnd } from '../../../src/values/python/python-number.js'

test.each<[json: string, holds: boolean]>([
  ['9007199254740993', true],
  ['-9007199254740993', true],
  ['9007199254740992', true],
  ['9007199254740991', false],
  ['-9007199254740991', false],
  ['[1, 9007199254740993]', true],
  ['[9007199254740993, 1]', true],
  ['[1,9007199254740993]', true],
  ['"12345678901234567890"', false],
  ['1e+9007199254740993', false],
  ['1e-9007199254740993', false],
  ['{"a":9007199254740993}', true],
  ['"9007199254740993"', false],
  ['["9007199254740993", 1]', false],
  ['["\\"9007199254740993", "9007199254740993"]', false],
  ['["\\\\", 9007199254740993]', true],
  ['["a\\"", 9007199254740993]', true],
  ['["9007199254740993', false],
  ['["\\', false],
  ['9007199254740993.5', false],
  ['90071992547409930e1', false],
  ['90071992547409930E1', false],
  ['9007199254740993e+10', false],
  ['1234567.9007199254740993', false],
  ['9'.repeat(400), true],
  ['[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]', false],
  ['0000000000000000', false],
  ['9000000000000000, 9007199254740993', true],
  ['', false],
])('%s holds a big integer: %s', (json, holds) => {
  expect(holdsBigInteger(json)).toBe(holds)
})

test.each<[text: string, json: string, whole: boolean]>([
  ['0', '0', true],
  ['9', '9', true],
  ['10', '10', true],
  ['-10', '-10', true],
  ['+10', '10', true],
  ['007', '7', true],
  ['-007', '-7', true],
  ['000', '0', true],
  ['0.0', '0.0', false],
  ['00.5', '0.5', false],
  ['.5', '0.5', false],
  ['-.5', '-0.5', false],
  ['5.', '5.0', false],
  ['1e5', '1e5', false],
  ['1E5', '1E5', false],
  ['1e+5', '1e+5', false],
  ['1e-5', '1e-5', false],
  ['1.5e05', '1.5e05', false],
  ['.5e1', '0.5e1', false],
  ['5.e1', '5.0e1', false],
])('%s is the number %s', (text, json, whole) => {
  expect(decimalNumber(text)).toEqual({ json, whole })
})

test.each([
  '',
  '-',
  '+',
  '--5',
  '+-5',
  '.',
  '-.',
  'e5',
  '.e5',
  '1e',
  '1e+',
  '1e-',
  '1e5x',
  '1e5.',
  '1e5 ',
  '1x',
  '1.5x',
  '1/',
  '1:',
  ' 1',
  '1 ',
  '1e++5',
  '1f5',
  '1d5',
  '1e999',
  '-1e999',
])('%j is no number', (text) => {
  expect(decimalNumber(text)).toBeUndefined()
})

test.each<[text: string, json: string]>([
  ['5', '5'],
  ['+5', '5'],
  ['-5', '-5'],
  ['--5', '5'],
  ['---5', '-5'],
  ['+-5', '-5'],
  ['0', '0'],
  ['00', '0'],
  ['0_0', '0'],
  ['0.5', '0.5'],
  ['00.5', '0.5'],
  ['01e5', '1e5'],
  ['1_000.5_5', '1000.55'],
  ['1_0e1_0', '10e10'],
  ['0x1F', '31'],
  ['0X1f', '31'],
  ['0x_1f', '31'],
  ['0x1_f', '31'],
  ['0o17', '15'],
  ['0O17', '15'],
  ['0b11', '3'],
  ['0B1_1', '3'],
  ['-0b11', '-3'],
  ['0x0', '0'],
  [`0x${'f'.repeat(255)}`, BigInt(`0x${'f'.repeat(255)}`).toString()],
  [`0b${'1'.repeat(1023)}`, BigInt(`0b${'1'.repeat(1023)}`).toString()],
])('%s is %s in Python', (text, json) => {
  expect(pythonNumber(text)).toBe(json)
})

test.each([
  '',
  '-',
  '+',
  '007',
  '01',
  '0_7',
  '1__0',
  '_1',
  '1_',
  '1_.5',
  '1._5',
  '1_e5',
  '1e_5',
  '0_x1',
  '0x',
  '0x_',
  '0x__1',
  '0x1_',
  '0o8',
  '0b2',
  '0b1_2',
  '0xg',
  '0x1g',
  '1x1',
  '0d1',
  '1j',
  '-x',
  '1e999',
  '-1e999',
  `0x${'f'.repeat(257)}`,
  `0b${'1'.repeat(1025)}`,
])('%s is no number in Python', (text) => {
  expect(pythonNumber(text)).toBeUndefined()
})

test.each<[text: string, end: number]>([
  ['12,', 2],
  ['-12,', 3],
  ['+-12,', 4],
  ['a_b9.c,', 6],
  ['Z@', 1],
  ['z{', 1],
  ['a`', 1],
  ['A[', 1],
  ['9:', 1],
  ['0/', 1],
  ['é,', 1],
  ['\u0080,', 1],
  ['a\u007f', 1],
  ['1e+5,', 4],
  ['1E-5,', 4],
  ['.5e-5,', 5],
  ['0e+5,', 4],
  ['9e+5,', 4],
  ['1e,', 2],
  ['e+5,', 1],
  ['1f+5,', 2],
  ['1+5,', 1],
  ['0x1e+5,', 4],
  ['0X1e+5,', 4],
  ['1x1e+5,', 6],
  ['-0x1e+5,', 5],
  ['(', 0],
])('the word or number of %j ends at %i', (text, end) => {
  expect(pythonTokenEnd(text, 0)).toBe(end)
  expect(pythonTokenEnd(`--${text}`, 2)).toBe(end + 2)
})

test('a word that the text ends in may go on', () => {
  expect(pythonTokenEnd('12', 0)).toBe('more')
  expect(pythonTokenEnd('12', 0, true)).toBe(2)
  expect(pythonTokenEnd(`${'1'.repeat(1024)}`, 0)).toBe(1024)
  expect(pythonTokenEnd(`${'1'.repeat(1023)}`, 0)).toBe('more')
  expect(pythonTokenEnd(`${'-'.repeat(1025)}`, 0)).toBe(1024)
})
