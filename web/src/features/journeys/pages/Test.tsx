export function Test() {
  return null;
}
