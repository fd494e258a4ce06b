"""Grades halfway between two are written as the better one, as everybody rounds, and not as the even one."""

from decimal import Decimal

import pytest

from members.models import GradeScale

LETTERS = GradeScale(best=5, worst=0, pass_mark=1, letters=["A", "B", "C", "D", "E"])
GERMANY = GradeScale(best=1, worst=5, pass_mark=4)


@pytest.mark.parametrize(
    ("grade", "letter"),
    [("5", "A"), ("4.5", "A"), ("4.49", "B"), ("3.5", "B"), ("2.5", "C"), ("2.49", "D"), ("1.5", "D"), ("1", "E")],
)
def test_a_grade_halfway_between_two_letters_is_the_better_one(grade, letter):
    assert LETTERS.write(Decimal(grade)) == letter


@pytest.mark.parametrize(("grade", "written"), [("0.9", "0.9"), ("0", "0")])
def test_a_grade_below_the_pass_mark_has_no_letter(grade, written):
    assert LETTERS.write(Decimal(grade)) == written


@pytest.mark.parametrize(("position", "grade"), [("0.5", "3.99"), ("12.5", "3.63"), ("50", "2.5"), ("87.5", "1.38")])
def test_the_grade_at_a_position_rounds_half_up(position, grade):
    assert GERMANY.grade_at(Decimal(position)) == Decimal(grade)
