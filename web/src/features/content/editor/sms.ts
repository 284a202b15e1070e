/** How a text is cut into SMS: 160 signs of GSM-7 or 70 of UCS-2; 153 and 67 where it takes several. */

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "\f^{}\\[~]|€";

export interface SmsCount {
  encoding: "gsm" | "ucs";
  /** What a person counts: signs. */
  characters: number;
  parts: number;
  /** Units that still fit into the last part. */
  left: number;
  /** The signs that GSM-7 does not have, each once. */
  foreign: string[];
}

export function countSms(text: string): SmsCount {
  const signs = [...text];
  const foreign = [...new Set(signs.filter((sign) => !BASIC.includes(sign) && !DOUBLE.includes(sign)))];
  const encoding = foreign.length ? "ucs" : "gsm";
  const widths = signs.map((sign) => (encoding === "ucs" ? sign.length : DOUBLE.includes(sign) ? 2 : 1));
  const units = widths.reduce((n, width) => n + width, 0);
  const [alone, each] = encoding === "ucs" ? [70, 67] : [160, 153];
  if (units <= alone) {
    return { encoding, characters: signs.length, parts: units ? 1 : 0, left: alone - units, foreign };
  }
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    // a sign of two units is not cut in two
    if (used + width > each) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, characters: signs.length, parts, left: each - used, foreign };
}
