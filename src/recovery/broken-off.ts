/** Why a call is not delivered that lacks its closers where another one begins: it may have been broken off there, and begun again. */
export const BROKEN_OFF = 'another call begins before it is closed'
