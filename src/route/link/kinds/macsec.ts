import { attribute, attributes, padding, type Infer } from '../../../schema/attributes.ts';
import { choice } from '../../../schema/choice.ts';
import { hexadecimal } from '../../../schema/leaves.ts';
import { be16, bool8, u32, u64, u8 } from '../../../schema/numbers.ts';

/** IFLA_MACSEC_ of include/uapi/linux/if_link.h; `sci` is sixteen hex digits: the MAC address and the port. */
export const macsecOptions = attributes({
  sci: attribute('IFLA_MACSEC_SCI', 1, hexadecimal),
  port: attribute('IFLA_MACSEC_PORT', 2, be16),
  icvLen: attribute('IFLA_MACSEC_ICV_LEN', 3, u8),
  /** MACSEC_CIPHER_ID_ of include/uapi/linux/if_macsec.h: 0x0080c20001000001n is GCM-AES-128. */
  cipherSuite: attribute('IFLA_MACSEC_CIPHER_SUITE', 4, u64),
  window: attribute('IFLA_MACSEC_WINDOW', 5, u32),
  encodingSa: attribute('IFLA_MACSEC_ENCODING_SA', 6, u8),
  encrypt: attribute('IFLA_MACSEC_ENCRYPT', 7, bool8),
  protect: attribute('IFLA_MACSEC_PROTECT', 8, bool8),
  incSci: attribute('IFLA_MACSEC_INC_SCI', 9, bool8),
  es: attribute('IFLA_MACSEC_ES', 10, bool8),
  scb: attribute('IFLA_MACSEC_SCB', 11, bool8),
  replayProtect: attribute('IFLA_MACSEC_REPLAY_PROTECT', 12, bool8),
  validation: attribute('IFLA_MACSEC_VALIDATION', 13, choice(u8, {
    disabled: ['MACSEC_VALIDATE_DISABLED', 0],
    check: ['MACSEC_VALIDATE_CHECK', 1],
    strict: ['MACSEC_VALIDATE_STRICT', 2],
  })),
  offload: attribute('IFLA_MACSEC_OFFLOAD', 15, choice(u8, {
    off: ['MACSEC_OFFLOAD_OFF', 0],
    phy: ['MACSEC_OFFLOAD_PHY', 1],
    mac: ['MACSEC_OFFLOAD_MAC', 2],
  })),
}, padding('IFLA_MACSEC_PAD', 14));

/** What `options` holds where `kind` is 'macsec'. */
export type MacsecOptions = Infer<typeof macsecOptions>;
