import { CONTAINER_TYPES, ENVELOPES, IMAGE_TYPES } from '../../model/vocabulary.ts';

/** Explains in the file itself how to answer. Comment lines joined by LF, with a final LF. */
export const QUESTIONS_HEADER = `# Questions of glance-retype: images of one Glance database whose type cannot be known from what is recorded about them.
# Each question below is a group of images that are alike in everything that is known; one answer decides the whole group.
#
# Answer in one of three ways, or mix them. FILE is this file.
#
#   1. On a terminal:  glance-retype questions FILE
#      It asks one question after the other and writes the answers here.
#
#   2. In an editor: fill in "answer:" of a question.
#        answer: 1                   the first of its candidates; they are listed best first
#        answer: kernel/raw          TYPE/CONTAINER, a candidate or not
#        answer: disk/vmdk in ova    TYPE/CONTAINER in ENVELOPE
#        answer: leave               stays undecided on purpose
#      author, date and reason may stay empty. What is written there is kept with the decision.
#
#   3. For some images only, or for many groups at once: a list "answers:" at the end of the file.
#        answers:
#          - images: [4f0c5a52-9d3e-4a8b-b0d4-0a1f6d2c7e11]
#            answer: kernel/raw
#            author: ada
#            reason: seen at boot
#          - when: { owner: 8d1f, name: "vmlinuz*", size: "< 20 MiB" }
#            answer: kernel/raw
#          - when: { disk_format: raw, container_format: [bare, null], evidence: none }
#            answer: disk/raw
#      All keys of one "when" must hold; of several values in [] any one does; null is "has none".
#        disk_format, container_format   words
#        owner                           a project's id
#        name                            * is any text, ? any character; upper and lower case differ
#        property                        { os_type: linux, base_image_ref: null } with patterns as of name; null: it exists
#        size                            "< 20 MiB", ">= 1 GiB", "10 MiB .. 2 GiB"
#        evidence: none                  nothing but the two format words speaks about the image
#      The most specific answer counts: an image's id, then owner, name, property or size, then a question of this file,
#      then disk_format, container_format and evidence alone.
#
# TYPE       ${IMAGE_TYPES.join(' ')}
#            what to do with the image
# CONTAINER  ${CONTAINER_TYPES.join(' ')}
#            who can read its blocks
# ENVELOPE   ${ENVELOPES.join(' ')}
#            what must be unwrapped first, if anything
#
# Then see what the answers do (nothing is written), and migrate with them:
#   glance-retype plan    --answers FILE
#   glance-retype migrate --answers FILE
#
# plan --questions FILE brings this file up to date; it keeps answers, comments and order. A group that has grown by more than
# growth_limit since it was answered is refused by migrate until a person has confirmed it.
# Everything but the answers, growth_limit and comments is signed: leave it as it is.
`;

/** The beginning of the only comment line that is kept up to date. */
export const BEYOND_MARK = '# Not asked here: ';

export function beyondLine(images: number): string {
  return `${BEYOND_MARK}${images} more undecided ${images === 1 ? 'image' : 'images'} in groups beyond the number kept apart; see plan --ndjson.`;
}
