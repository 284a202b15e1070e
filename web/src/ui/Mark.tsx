/** The mark of relance: what went out comes back, and goes on. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="#3f51b5" />
      <g fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M7 17.5v-6A3.5 3.5 0 0 1 10.5 8H13" />
        <path d="M10.5 5.5 13 8l-2.5 2.5" />
        <path d="M13 17.5h.5a3.5 3.5 0 0 0 3.5-3.5v-3" opacity=".55" />
      </g>
    </svg>
  );
}
