import type { ChannelName, Template } from "../api";

const MAIL = `<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>Hello {{ profile.first_name | default: "there" }},</mj-text>
        <mj-text><a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

const FIELDS: Record<ChannelName, Partial<Template>> = {
  email: { subject: "", body: MAIL },
  sms: { body: "" },
  push: { title: "", body: "" },
  in_app: { title: "", body: "" },
  webhook: { method: "POST", url: "https://", body: "" },
};

/** What a new template of a channel begins with. */
export function newTemplate(channel: ChannelName): Template {
  return { kind: "template", id: "", channel, status: "draft", ...FIELDS[channel] };
}

/** An id made of a name: small letters, digits and hyphens. */
export function idOf(name: string): string {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
}
