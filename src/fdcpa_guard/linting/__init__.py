"""Letters, emails, texts and scripts under the rules: settings, findings with line and column, waivers, baseline, reports."""
