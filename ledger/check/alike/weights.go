package alike

// What each measure counts for, on the scale of a logit. Learned, not chosen: logistic regression on
// the planted books of learn_test.go, which writes the numbers here:
//
//	go test ./ledger/check/alike -run TestLearn -learn
//
// Measures that go together share out one effect (a name that is the same has nothing swapped and
// nothing added), so a single number says little by itself.
var weights = [measures]float64{
	mOne:               -6.62,
	mName:              -5.74,
	mNameWithin:        -4.34,
	mNameLetters:       -0.28,
	mNameSame:          2.79,
	mRarity:            1.15,
	mSwapped:           -4.34,
	mSwappedKnown:      -6.91,
	mSwappedMeaning:    -3.58,
	mAdded:             -5.71,
	mText:              -0.89,
	mVerbatim:          1.79,
	mVerbatimWithin:    0.93,
	mNoText:            0.54,
	mNoTextName:        2.07,
	mSwapVerbatim:      -5.03,
	mTextSame:          -3.18,
	mNameInText:        1.80,
	mTopic:             0.37,
	mTopicSwapped:      1.98,
	mNumbersDiffer:     -7.00,
	mTellingDiffer:     -6.39,
	mModeDiffers:       -4.29,
	mTellingOneSided:   -0.67,
	mWhomOneSided:      -0.29,
	mWhomNamed:         -3.70,
	mWhomSame:          0.76,
	mTextNumbersDiffer: -1.03,
	mTextTellingDiffer: -1.01,
	mActivity:          3.77,
	mNoActivity:        4.71,
	mNoLevel:           0.54,
	mObjective:         1.88,
	mKin:               -0.38,
	mNoObjective:       0.12,
	mAges:              10.69,
	mAgesSame:          -2.92,
	mNoAges:            6.63,
	mPlaces:            2.46,
	mWider:             -0.92,
	mNoPlaces:          -4.06,
	mMates:             -3.28,
	mMatesText:         2.33,
}
